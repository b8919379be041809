"""The response cache: a public read that no change has touched is answered before Django is entered.

Responses are kept by `responses` in a cache of `backends`; `cdn` purges the caches in front of the service. What others
may use:

- `wsgi.ResponseCache`: the cache around a WSGI application
- `middleware.ResponseCacheMiddleware`: the same inside of Django
- `checks`: for Django's start-up
- `responses`, `backends`, `cdn`: see there
"""
