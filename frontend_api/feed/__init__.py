"""The change feed: what changed for readers, in the order of the commits, for those who keep copies.

It is written from the change log, in the transaction of each change, and holds only what readers saw before or see
after it. What others may use:

- `models.PublicChange`, `models.PublicKind`: a change for readers, and what can happen
- `models.PublicObject`, `models.PublicState`: what readers see now, and where the feed stands
- `reading`: `changes_after` a number, the `newest` number, and the `state` of the feed; each follows the clock first
- `parts`: what comes after a cursor, as much as goes into an answer
- `items.items_of`, `items.item_of`: changes as the API gives them
- `cursors`: where in the feed a reader is, as a text
- `pruning`: the deletion of old changes
- `following`: imported at start-up
"""
