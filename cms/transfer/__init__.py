"""Moves content, and brings it back: backups of everything, and one site from an environment to another.

What others may use:

- `backups`: writes a backup, checks it, and puts it back
- `sites`: exports and imports one site
"""
