"""What a response is made of: objects it shows, columns it selects by, SQL that it runs, and the clock.

What others may use:

- `tracker`: `Dependencies`, which collects all of that while a response is rendered, and `current`
- `validity.Validity`: whether something that was kept still holds
- `memo`: facts that are costly to find, such as totals, kept while they hold
- `clock`: `today()` and `this_year()`, for content that depends on the date
- `bounded`: caches that are limited in bytes
- `attributes`: notices reads of columns that the change log ignores; imported at start-up
"""
