"""Objects as JSON: pages, snippets, fields, blocks, rich text and media, fetched together.

A representation defers what it needs from the database and names what it nests; `resolver` fetches and builds all that.
What others may use:

- `objects`: the form of an object (JSON with placeholders), and which fields it has
- `resolver.resolve`: turns a form into JSON
- `fields`: `RepresentedField`, `Chosen` and `ImageFor`, for `api_fields`
- `json_schema`: the parts of a type, and `Types`, for fields and blocks with a form of their own
- `deferred.Deferred`, `nested`: placeholders that a form holds besides JSON
- `loaders`, `row_loaders`, `relations`: what a form may need from the database
- `selection`: which fields are shown
- `declarations`: the fields that a model declares
- `model_fields`: the JSON of model fields, and what they nest
- `blocks`: the JSON of a StreamField and its blocks
- `markdown_text`, `markdown_writer`: Markdown, for blocks that have a form of their own there
- `page_markdown`: a page as Markdown
- `links`, `documents`, `images`, `media`, `tags`: the JSON of each, and which fields media show
- `addresses`: URLs of the service itself
- `seo`: what a page says of its place and of itself, and what its site lends to it
- `editing`: where in the admin what an answer shows is edited
- `pictures`: which pictures objects show
- `field_checks`, `image_checks`: imported at start-up
"""
