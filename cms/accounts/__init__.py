"""Accounts: what is left of somebody whose account is deleted.

`erasure` takes a person's name out of everything that outlives the account; `manage.py erase_user` calls it, and every
deletion of an account does, in the admin or by code.

`personal_data` lists what is known of a person, for `manage.py personal_data`; `key_rotation` lets sessions outlive the
secret key by which they began.
"""
