"""The parameters `locale`, a language code, and `fallback`, which says what to do where a language has nothing."""

from django.http import QueryDict
from wagtail.models import Locale

from frontend_api.dependencies.tracker import Dependencies, current
from frontend_api.errors import NotThere, bad_parameter

FALLBACKS = ("default",)


def locale_named(query: QueryDict) -> Locale | None:
    """Return the language that `locale` names, or None without it; raises `NotThere` for an unknown one."""
    if "locale" not in query:
        return None
    code = query["locale"]
    # A change of a language invalidates every response, so this needs no tracking.
    with (current() or Dependencies()).untracked():
        locale: Locale | None = Locale.objects.filter(language_code=code).first()
    if locale is None:
        raise NotThere({"locale": f"locale is '{code[:40]}'; there is no such language here."})
    return locale


def falls_back(query: QueryDict) -> bool:
    """Return whether what is missing is to be given in the site's default language; raises `BadParameters`."""
    if query.get("fallback", FALLBACKS[0]) not in FALLBACKS:
        raise bad_parameter(
            "fallback",
            f"fallback is '{query['fallback'][:40]}'; it takes default, the language of the site's home page.",
        )
    return "fallback" in query
