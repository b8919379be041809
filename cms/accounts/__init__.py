"""Accounts: how somebody signs in, and what is left of them once their account is deleted.

`views` and `passwords` have Wagtail's sign-in, reset and account with limits (`throttle`) and the steps of allauth
(`adapter`); `second_factor` says who needs one and leads them to it; `devices` tells somebody of a new browser; `reset`
writes to who forgot a password.
`erasure` takes a person's name out of everything that outlives the account; `manage.py erase_user` calls it, and every
deletion of an account does, in the admin or by code.

`personal_data` lists what is known of a person, for `manage.py personal_data`; `key_rotation` lets sessions outlive the
secret key by which they began.
"""
