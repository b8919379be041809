"""What a client can ask: views, parameters, filters, and errors as problem+json.

What others may use:

- `collections`: `CollectionViewSet`, `Feed` and `register`, for the collections of content apps
- `snippets`: the same for collections of what is not a page
- `filters`, `facets`: the filters of a collection, and what its pages are counted by
- `base`, `listing`: what all endpoints and all listings share
- `changes`, `pages`, `media`, `redirects`, `site`, `site_search`, `preview`, `index`: the endpoints
- `discovery`: what search engines, feed readers and language models ask for
- `markdown_renderer`: the media type of pages as Markdown
- `bounds`: how much a request may ask for
- `parameters`, `locale_parameter`, `page_filters`, `ranges`, `search`: parameters, also imported by `openapi`
- `checks`: imported at start-up
- `problems`: errors as JSON, for settings and addresses
"""
