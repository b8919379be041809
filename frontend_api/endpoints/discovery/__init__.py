"""What search engines, feed readers and language models ask a website for, each for its frontend to pass on.

What others may use:

- `base`, `sitemap`, `robots`, `feeds`, `llms`: the endpoints
- `feed_formats`: the media types of feeds, for `openapi`
- `checks`: imported at start-up
"""
