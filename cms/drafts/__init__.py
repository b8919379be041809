"""What a draft may lack, and what publishing asks for.

A draft is refused only for a value that cannot be what its field is for: text that is too long, a year that is no
number, an address that is none. What is missing, or does not fit together yet, is accepted (`forms`, `fields`), and
whatever publishes it says so instead (`completeness`, `messages`). Content types get that from `cms.models.BasePage`;
a snippet with drafts from `base_form_class = cms.forms.ModelForm` and `completeness.CompleteWhenPublished`. An expiry
that has passed stands in nobody's way (`schedule`).
"""
