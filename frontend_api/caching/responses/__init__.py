"""Public responses as they are kept and served: the key, the entry, its headers and its encodings.

What others may use:

- `serving`: answers a request from the cache, or renders it and keeps the result
- `hits`: answers many at once, of those that are kept
- `answers`: what a client gets of what is kept
- `observed`: tells whoever observes the service how a read was answered
- `lookup`: finds what is kept, and knows what was last heard of the database
- `store`: keeps entries in a cache, and tells who listens what is kept in memory
- `too_long`: refuses what has too long a query string
- `cache_key`: which requests are public reads, and the key of each
- `cors`: which websites may read the API; imported at start-up
"""
