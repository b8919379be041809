from typing import Any

from django.apps import apps as installed
from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    """Make the tables of the models as they are, which later migrations need not know of."""
    for model in installed.get_app_config("tests").get_models():
        if model._meta.can_migrate(schema_editor.connection):
            schema_editor.create_model(model)


class Migration(migrations.Migration):
    dependencies = [("wagtailcore", "__latest__"), ("wagtailimages", "__latest__")]
    operations = [migrations.RunPython(make)]
