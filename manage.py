#!/usr/bin/env python
"""Django's command line, with the settings that the environment or `--settings` names."""

import os
import sys

from django.core.management import execute_from_command_line

from cms.settings.chosen import require_settings

if __name__ == "__main__":
    require_settings(sys.argv)
    # Nobody waits for a command, and one statement of a migration may take long.
    os.environ["DATABASE_STATEMENT_TIMEOUT"] = os.environ["DATABASE_ANSWER_TIMEOUT"] = "0"
    execute_from_command_line(sys.argv)
