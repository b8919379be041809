"""The view that makes translations of a page, and of what is below it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.contrib.simple_translation.views import SubmitPageTranslationView

from .large_sections import is_large, too_large


class BoundedTranslationView(SubmitPageTranslationView):
    """Translates a page, and what is below it where that is not too much."""

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Lead back with a sentence if it is."""
        if request.POST.get("include_subtree") and is_large([self.object]):
            messages.error(request, too_large())
            return redirect(request.get_full_path())
        response: HttpResponse = super().post(request, **kwargs)
        return response
