"""Links that show a draft to somebody without an account, and the admin's views of them.

What others may use:

- `models`: a shared draft and its token
- `actions`: entries in the history of a page
- `views`, `report`: for the admin's addresses and menus
"""
