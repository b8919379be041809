"""What goes live and what ends, for editors: a list, a month, a calendar by a private link, and mail when it fails.

What others may use:

- `telling`: imported at start-up; tells editors what could not be done at its time
- `links.calendar`: the view that gives a calendar to whoever has its link
"""
