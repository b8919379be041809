"""Purges downstream caches, such as a CDN.

The change log is the queue: each cache has a row that says up to which version it was purged. Purges missed
because of a crash or an outage are retried with the next change, or by `manage.py purge_cdn`. What others may use:

- `purger`: purges what is due, and forgets caches that are no longer configured
- `addresses`: the addresses that a cache may hold, for caches that know no tags
- `health`, `panel`: which caches are behind, and a warning about them for the admin
- `backends`: clients of CDNs that purge by tag, for the setting `WAGTAILFRONTENDCACHE`
- `models`, `tasks`, `checks`: imported at start-up
"""
