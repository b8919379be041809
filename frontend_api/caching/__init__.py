"""The response cache: a public read that nothing has changed is answered before Django is entered.

`record` has what a response was made of, `sql` what a query reads; `serving` answers from the cache and stores into it,
in front of Django in `wsgi` or inside of it in `middleware`.
"""
