"""Drafts for those who may see them: credentials, previews of what is being typed, and links to share.

What others may use:

- `credentials`: what a token shows, and the headers of every answer to one
- `headless.HeadlessPage`, `headless.HeadlessSiteContent`: the mixins of a page type, and of a snippet of a
  site, that are previewed in the frontend
- `origins`: the addresses of the frontends
- `typed_drafts`: what editors have typed and not saved, and its table
- `userbar`: Wagtail's user bar for a frontend
- `pointing`: the script that focuses in a form what is clicked on in its preview
- `erasure`: takes deleted accounts out of links and what was typed
- `sharing`: see that package
- `checks`: imported at start-up
"""
