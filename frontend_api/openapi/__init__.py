"""The API's own description in OpenAPI 3.1, made from what the models declare.

Its modules walk the same declarations that make the JSON: `objects`, `fields` and `blocks` go with those of
`serialization`. A field or block with custom JSON describes it in `json_schema`. Only `schema/`
and the checks load it. What others may use:

- `views`, `own_view`: `schema/` and `docs/`, and whether they are there
- `checks`: imported at start-up
- `document`: the description, and its generator for `manage.py spectacular`
"""
