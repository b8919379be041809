#!/usr/bin/env python
"""Django's command line, with the settings that the environment or `--settings` names."""

import sys

from django.core.management import execute_from_command_line

from cms.settings.chosen import require_settings
from cms.settings.commands import wait_as_a_command

if __name__ == "__main__":
    require_settings(sys.argv)
    wait_as_a_command(sys.argv)
    execute_from_command_line(sys.argv)
