"""Who may see what, and the only SQL that decides it.

What others may use:

- `perspective.Perspective`: what one request may see; everything that is shown comes out of it
- `related_rows.RelatedRows`: a request to a perspective for child or related rows
- `editable_drafts.EditableDrafts`: the drafts that a user may edit, for a perspective that shows drafts
- `revisions.UNUSABLE`: what a stored draft may raise when it no longer fits the code or the database
- `paths`: the page that a path of the frontend leads to
- `roots`: the home pages of a site (`Root`, `root_of`), and the paths of its frontend (`url_paths_at`)
- `sites`: the sites by name, and the site of a page
- `unseen`: what an object names and readers do not see, and why, for those who edit it
- `site_settings`: the settings and snippets of a site that are public
- `translations`: the languages of a site, and the pages that are translations of each other
- `expiry`: what expires, and when
- `other_sites`: where a page of another site is, for links
- `aliases`: keeps aliases unpublished while their originals are; imported at start-up
"""
