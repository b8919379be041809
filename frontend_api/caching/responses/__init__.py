"""Public responses as they are kept and served: the key, the entry, its headers and its encodings.

What others may use:

- `serving`: answers a request from the cache, or renders it and keeps the result
- `hits`: answers many at once, of those that are kept
- `answers`: what a client gets of what is kept
- `observed`: tells whoever observes the service how a read was answered
- `too_long`: refuses what has too long a query string
- `cache_key`: which requests are public reads, and the key of each
- `answers`, `hits`, `observed`: what a client gets of an entry, what the front of ASGI answers, and what is noted of it
- `cors`: which websites may read the API; imported at start-up
"""
