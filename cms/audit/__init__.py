"""The audit log: who signed in or was refused, changed accounts, rights and passwords, shared drafts, exported data.

It is kept apart from the history of content, for superusers alone, and for a time. What others may use:

- `log.record`: writes an entry
- `erasure`: takes a person out of it, and lists what it has of them
"""
