"""The delivery API: Wagtail's v2 protocol and more, for any content app.

It depends on Wagtail, never on a content app; an app declares `api_fields` on its models and, where it wants its own
collection endpoint, registers it in its `api.py`, which is found as Django's admin finds `admin.py`.
"""
