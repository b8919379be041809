"""Tells the caches in front, such as a CDN, what is old.

The change log is the queue: each cache has a row that says up to which version it was purged. What a crash or a cache
that is down leaves undone is done with the next change, or by `manage.py purge_cdn`.
"""
