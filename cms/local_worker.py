"""Runs a worker for development, `manage.py db_worker`, that ends with its parent, as `local_server` does."""

import sys

from django.core.management import execute_from_command_line

from .local_server import end_with_parent

if __name__ == "__main__":
    if sys.platform == "linux":
        end_with_parent()
    execute_from_command_line(["manage.py", "db_worker"])
