"""The API's own description, OpenAPI 3.1, made from what the models declare; no request but `schema/` loads it.

The modules walk the declarations that make the JSON: `pages` goes with `representation`, `fields` with `values`,
`blocks` with `streams`. What they cannot know, a field or block of its own form says in `json_schema`.
"""
