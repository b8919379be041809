"""Links to drafts name no revision any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frontend_api", "0004_shared_content")]

    operations = [
        migrations.RemoveField(model_name="shareddraft", name="revision"),
        migrations.AddConstraint(
            model_name="shareddraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("content__isnull", False), ("is_fixed", True))
                | models.Q(("content__isnull", True), ("is_fixed", False)),
                name="fixed_links_have_content",
            ),
        ),
    ]
