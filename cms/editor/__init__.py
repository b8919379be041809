"""What stands between an editor's keyboard and a saved page: nothing typed is lost.

Scripts in `static/cms/editor/` mend Wagtail's editor, `checks` says when that may not be needed any more, and `views`
lets editors log in again on the page that they are on.
"""
