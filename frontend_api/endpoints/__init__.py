"""What a client can ask: views, parameters, filters, and errors as problem+json.

What others may use:

- `collections`: `CollectionViewSet` and `register`, for the collections of content apps
- `filters`: the filters of a collection
- `base`, `listing`: what all endpoints and all listings share
- `pages`, `media`, `site_search`, `site`, `preview`, `index`: the endpoints
- `parameters`, `page_filters`, `search`: parameters, also imported by `openapi`
- `checks`: imported at start-up
- `problems`: errors as JSON, for settings and addresses
"""
