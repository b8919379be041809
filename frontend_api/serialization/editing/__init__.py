"""Where in the admin what an answer shows is edited: `meta.draft.edit`, in answers to editors' previews alone.

What others may use:

- `pointers.edit_addresses`: JSON pointers into an answer, each with an address in the admin
- `pointers.Part`: an object, with the names of its fields in an answer
- `addresses.address_of`: the address at which an object is edited, if its user may
- `forms`: which fields the admin's form of a model has
"""
