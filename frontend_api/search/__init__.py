"""The public search: how texts are cut into words, what is kept of them, and how words find objects and titles sort.

All of it gives the same on SQLite and on PostgreSQL, whatever their locale: the databases only compare words that are
made here. What others may use:

- `queries`: `Search`, what somebody searches for as conditions on objects, and `title_key`
- `counting`: how many pages of each type a search finds
- `contents.kind_of`: under what the objects of a model are kept
- `ranking`: the order in which a search gives what it finds
- `words`: the words of a text, and what is asked for
- `highlighting`: marks what was found in a text
- `sort_keys`: by which titles are in readers' order
- `indexing`: keeps the words of what is saved; imported at start-up
- `models`: the tables
"""
