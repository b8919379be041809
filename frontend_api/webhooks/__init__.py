"""Tells other services what changed for readers, by requests that are signed, owed until they are taken, and kept.

The feed is the queue: each recipient has a place in it. What others may use:

- `deliveries.deliver`: sends what is due, for so many seconds
- `health`: which recipients fail
- `owed`: the types of events
- `sealing`: keeps secrets in the database unreadable
- `signing`: the signatures, and what a secret looks like
- `admin_urls`, `viewset`, `views`, `panel`: for the admin's addresses, menus and home page
- `models`, `tasks`, `checks`: imported at start-up
"""
