"""One archive of all that the database holds and of the files that it names, for SQLite and PostgreSQL alike.

It is a tar, in this order: `backup.json`, which says what it is of; `files/`; `tables/`, the rows of each table as
lines of compressed JSON; `missing.txt`, the files that were missing already; and `SHA256SUMS`, by which `sha256sum`
checks all of it, too.

What others may use:

- `writing.write`: makes a backup
- `restoring.restore`: puts one back
- `restoring.put_file`: stores a file beside those that are there
- `tables`, `values`: how rows are read and written, and their form in JSON
- `archive.Writer`, `archive.entries`: write and read a tar with checksums
- `archive.check`: reads one to the end
- `archive.BackupError`: what is wrong, in one sentence
"""
