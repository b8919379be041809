"""The response cache: a public read that no change has touched is answered before Django is entered.

Responses are kept by `responses` in a cache of `backends`; `cdn` purges downstream caches. What others
may use:

- `wsgi.ResponseCache`: the cache around a WSGI application
- `asgi.ResponseCache`, `asgi.Application`: in front of such an application, answers what one of the other two keeps
- `middleware.ResponseCacheMiddleware`: the same, as a middleware
- `checks`: imported at start-up
- `responses`, `backends`, `cdn`: see that package
"""
