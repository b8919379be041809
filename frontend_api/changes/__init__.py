"""The change log: one row for every change to what the public can see, written in the transaction that makes it.

Caches and purges read the log; none of them listens to signals. What others may use:

- `transaction`: `transaction()` for changes that belong together, `log`, `invalidate_all`, `after_commit`
- `capture`: `log_update`, for changes that Django reports to nobody, such as `QuerySet.update`
- `versions`: where the log stands, and whether tags have changed since
- `tags`: the names by which a change and a response find each other
- `logged_models`: which models and objects are logged, and `log_only_if` to narrow that down
- `private_columns`: the columns of pages that readers never see
- `writing.changes_committed`: the signal that changes are committed
- `writing.PendingChange`
- `unit_of_work.is_pending`
- `models`, `pruning`, `search_backend`: the tables, what is forgotten, and Wagtail's search with an entry in the log
- `middleware.RecordChanges`, `migrated`: for settings and for Django's start-up
"""
