"""The change log: every change to what the public sees is a row in it, written in the transaction that makes the change.

`models` has the tables, `tags` the words, `capture` listens to what Django and Wagtail say they do, `recording` writes
the rows, and `versions` tells readers what has changed since.
"""
