"""The change log: every change to what the public sees is a row in it, written in the transaction that makes it.

`models` has the tables and `tags` the words. `capture` listens to what Django and Wagtail say they do, `differences`
tells what changed, `reach` what that makes old, and `described` what it is called. `recording` writes the rows, and
`versions` tells readers what has changed since.
"""
