"""What a page says of its place and of itself: `meta.ancestors`, `meta.translations`, `meta.x_default` and `meta.seo`.

What others may use:

- `fields`: the four fields, with the schema of each
- `place.with_original`: the page that an alias shows in the end
- `place.code_of`, `place.needs_of_code`: the language of a page
- `about.pictures_of_defaults`: the pictures that a setting lends to pages
- `site_defaults`: what a site says that stands in for what a page does not say
- `declaration`: which fields of a page type mean what, from its `api_seo`
- `checks`: imported at start-up
"""
