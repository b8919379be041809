"""The change log: one row for every change to what the public can see, written in the transaction that makes it.

Caches and purges read the log; none of them listens to signals. What others may use:

- `transaction`: `transaction()` for changes that belong together, `log`, `invalidate_all`, `before_commit`,
  `after_commit`
- `pausing`: `paused`, for what takes long while a form is validated, `pausable`, a transaction of which it can be
  a part, and `is_waited_for`, whether code runs in such a one
- `capture`: `log_update`, for changes that Django reports to nobody, such as `QuerySet.update`, and the signal
  `address_changed`
- `affected_tags`: which tags a change invalidates; `when_page_appears` adds to those of a page that appears
- `describe.kind_of`: the kind of a change to an object of a model
- `versions`: where the log stands, and whether tags have changed since
- `tags`: the cache tags of changes and responses
- `surrogate_keys`: these tags as the short names by which caches in front are purged
- `logged_models`: which models and objects are logged, `log_only_if` to narrow that down, `log_with` for more tags,
  and `log_as` for what is a part of something else
- `private_columns`: the columns of pages that readers never see
- `writing.changes_committed`: the signal that changes are committed
- `writing.changes_written`: the signal just before that
- `writing.new_stamp`: a random number for the changes of one transaction
- `writing.PendingChange`: a change that is not yet written
- `unit_of_work.is_pending`: whether there are such changes in the current transaction
- `sites`: the site that a page belongs to, and whether translations of its home do
- `models`, `pruning`: the tables, and the deletion of old changes
- `erasure`: takes the names of deleted accounts out of the log
- `enqueueing`: hands tasks to a worker, once what they follow from is committed
- `search_backend`: Wagtail's search in the database, with a log of changes to its index
- `search_text.composed`: the form of Unicode in which texts are indexed and searched for
- `middleware.RecordChanges`: for `MIDDLEWARE`
- `checks`, `migrated`: imported at start-up
"""
