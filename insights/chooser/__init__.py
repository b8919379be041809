"""The window in which an insight is chosen, or made from the address of somebody else's article.

- `viewset.InsightChooserViewSet`: the window, for the admin's viewsets
- `fetching`: what its script asks for
"""
