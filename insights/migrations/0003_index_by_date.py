"""Let the newest insights be found at once, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insights", "0002_insight_index")]
    operations = [
        migrations.AddIndex(
            model_name="insightpage",
            index=models.Index(fields=["published_on", "page_ptr"], name="insights_by_date"),
        )
    ]
