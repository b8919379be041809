"""Asks, before something is published or submitted, what is to happen to what it chose and readers would not see.

- `middleware.RecordOrAsk`: asks, instead of committing, when a request publishes something of which a part is missing
- `urls`: what the form says of it while one writes
"""
