"""Accounts: what is left of somebody whose account is deleted.

`erasure` takes a person's name out of everything that outlives the account; `manage.py erase_user` calls it, and every
deletion of an account does, in the admin or by code.
"""
