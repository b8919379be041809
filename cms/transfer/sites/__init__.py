"""One site, from an environment to another: its pages and all that they show, without accounts.

An archive is a tar, as a backup is: `site.json` says what it is of, `objects.jsonl.gz` has a line for each object, and
`files/` the files. Objects are known by keys that are the same everywhere: pages and translatable snippets by Wagtail's
translation key and their language, others by a UUID (`Identity`). Where an object names another, there is its key.

What others may use:

- `exporting.export_site`: writes an archive
- `importing.import_site`: brings one in, or says what that would change
"""
