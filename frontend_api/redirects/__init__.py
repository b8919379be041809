"""Where a path of a frontend leads that has no page: to another one, elsewhere, or nowhere any more.

Redirects are those of `wagtail.contrib.redirects`, where a project has it installed; without it, nothing leads
anywhere. What others may use:

- `following`: the end of all redirects from a path
- `paths`: a path as a reader asked for it (`Asked`), and how long that of a redirect may be (`LONGEST`)
- `leads`: the redirects of a site
- `shown`: those that are listed, and where each leads
- `storing.Target`: where many addresses are to lead
- `rules`: what cannot be saved
- `ending`: leads readers of pages that end elsewhere, or says that they are gone for good
- `models`: the paths that Wagtail's redirects cannot hold
- `views.FormerPathViewSet`: their list in the admin
- `installed`: imported at start-up where Wagtail's redirects are installed
"""
