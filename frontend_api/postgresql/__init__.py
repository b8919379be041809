"""A database backend for PostgreSQL that does not wait without end for a server that has stopped answering.

`{"ENGINE": "frontend_api.postgresql", "ANSWER_TIMEOUT": 35}` in `DATABASES` is Django's own backend for PostgreSQL with
psycopg 3, and waits for no answer longer than so many seconds. It is not for Django's pool of connections. The rest of
the delivery API needs neither.

What others may use:

- `silence`: `answering_within`, a shorter time for a block, and `is_bounded`, whether a connection can have one
"""
