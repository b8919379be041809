"""What stands between an editor's keyboard and a saved page: nothing typed is lost.

Scripts in `static/cms/editor/` mend Wagtail's editor, and `views` lets editors log in again on the page that they
are on.
"""
