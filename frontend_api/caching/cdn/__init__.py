"""Purges the caches in front of the service, such as a CDN.

The change log is the queue: each cache has a row that says up to which version it was purged. What a crash or a cache
that is down leaves undone is done with the next change, or by `manage.py purge_cdn`. What others may use:

- `purger`: `purge` and `forget_others`
- `addresses`: the addresses that a cache may hold, for caches that know no tags
- `surrogate_keys`: cache tags as the headers that CDNs purge by
- `health`, `panel`: which caches are behind, and a warning about them for the admin
- `backends`: clients of CDNs that purge by tag, for the setting `WAGTAILFRONTENDCACHE`
- `models`, `tasks`, `checks`: for Django's start-up
"""
