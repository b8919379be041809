"""How a page looks in the results of a search engine and where it is shared, in its form, as one types.

- `panel`: the panel, which the promote tab of every page has; `static/cms/search-preview.js` keeps it up to date
- `facts`: what the form itself does not show
"""
