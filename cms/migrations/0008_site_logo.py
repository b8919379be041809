"""The logo of an organisation, for the admin."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_searched_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown in this admin and where one signs in, on white. Readers do not see it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cms.cmsimage",
                verbose_name="logo",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="organisation",
            field=models.CharField(
                blank=True,
                help_text="The name as it stands in the header and footer, and at the top of this admin.",
                max_length=100,
                verbose_name="organisation",
            ),
        ),
    ]
