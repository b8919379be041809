"""The API's own description in OpenAPI 3.1, made from what the models declare.

Its modules walk the same declarations that make the JSON: `objects`, `fields` and `blocks` go with those of
`serialization`. What they cannot know, a field or block with a form of its own says in `json_schema`. Only `schema/`
and the checks load it. What others may use:

- `views`: `schema/` and `docs/`
- `checks`: for Django's start-up
- `operations`, `document`: for the settings of Django REST framework and drf-spectacular
"""
