"""The words that a website's own templates need, in the language of what is read.

Each has a text here, which `cms/locale` translates, and which editors may replace in the settings of a site.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import pgettext_lazy

# What the translator is told of all of them: where they stand.
_ON = "website"

WORDS: Mapping[str, Any] = {
    "read_more": pgettext_lazy(_ON, "Read more"),
    "read_more_at": pgettext_lazy(_ON, "Read more at {place}"),
    "leads_to": pgettext_lazy(_ON, "leads to {place}"),
    "another_website": pgettext_lazy(_ON, "another website"),
    "home": pgettext_lazy(_ON, "Home"),
    "programmes": pgettext_lazy(_ON, "Programmes"),
    "all_programmes": pgettext_lazy(_ON, "All programmes"),
    "insights": pgettext_lazy(_ON, "Insight"),
    "all_insights": pgettext_lazy(_ON, "All insight"),
    "search": pgettext_lazy(_ON, "Search"),
    "search_for": pgettext_lazy(_ON, "What are you looking for?"),
    "search_words": pgettext_lazy(_ON, "Words"),
    "found_one": pgettext_lazy(_ON, "1 result for “{words}”"),
    "found_several": pgettext_lazy(_ON, "{count} results for “{words}”"),
    "found_nothing": pgettext_lazy(_ON, "Nothing was found. Try fewer or other words."),
    "kinds_of_results": pgettext_lazy(_ON, "Kinds of results"),
    "everything": pgettext_lazy(_ON, "Everything"),
    "other_pages": pgettext_lazy(_ON, "Other pages"),
    "main_menu": pgettext_lazy(_ON, "Main"),
    "footer_menu": pgettext_lazy(_ON, "More on this website"),
    "more_below": pgettext_lazy(_ON, "More under {label}"),
    "languages": pgettext_lazy(_ON, "Language"),
    "elsewhere": pgettext_lazy(_ON, "Elsewhere"),
    "skip_to_content": pgettext_lazy(_ON, "Skip to the content"),
    "status": pgettext_lazy(_ON, "Status"),
    "any_status": pgettext_lazy(_ON, "Any status"),
    "upcoming": pgettext_lazy(_ON, "Upcoming"),
    "active": pgettext_lazy(_ON, "Active"),
    "completed": pgettext_lazy(_ON, "Completed"),
    "theme": pgettext_lazy(_ON, "Theme"),
    "all_themes": pgettext_lazy(_ON, "All themes"),
    "kind": pgettext_lazy(_ON, "Kind"),
    "all_kinds": pgettext_lazy(_ON, "All kinds"),
    "our_articles": pgettext_lazy(_ON, "Our articles"),
    "show": pgettext_lazy(_ON, "Show"),
    "show_all": pgettext_lazy(_ON, "Show all"),
    "one_programme": pgettext_lazy(_ON, "1 programme"),
    "several_programmes": pgettext_lazy(_ON, "{count} programmes"),
    "no_programme": pgettext_lazy(_ON, "No programme fits this choice."),
    "one_insight": pgettext_lazy(_ON, "1 insight"),
    "several_insights": pgettext_lazy(_ON, "{count} insights"),
    "no_insight": pgettext_lazy(_ON, "No insight fits this choice."),
    "pages": pgettext_lazy(_ON, "Pages"),
    "previous": pgettext_lazy(_ON, "Previous"),
    "next": pgettext_lazy(_ON, "Next"),
    "page_of": pgettext_lazy(_ON, "Page {page} of {pages}"),
    "with_partners": pgettext_lazy(_ON, "with {partners}"),
    "partner": pgettext_lazy(_ON, "Partner"),
    "partners": pgettext_lazy(_ON, "Partners"),
    "key_figures": pgettext_lazy(_ON, "Key figures"),
    "phases": pgettext_lazy(_ON, "Phases"),
    "months": pgettext_lazy(
        _ON,
        "January, February, March, April, May, June, July, August, September, October, November, December",
    ),
    "today": pgettext_lazy(_ON, "today"),
    "as_of": pgettext_lazy(_ON, "as of {date}"),
    "watch_video": pgettext_lazy(_ON, "Watch the video"),
    "table": pgettext_lazy(_ON, "Table"),
    "not_found": pgettext_lazy(_ON, "Page not found"),
    "not_found_text": pgettext_lazy(
        _ON, "There is nothing at this address. It may have moved, or it never was."
    ),
    "to_home": pgettext_lazy(_ON, "Go to the first page"),
}


def choices() -> list[tuple[str, Any]]:
    """Return the words that editors may replace, each as the form offers it."""
    return list(WORDS.items())


def words_in(language: str) -> dict[str, str]:
    """Return every word in a language; in that of the service where a word is not translated."""
    with translation.override(language):
        return {name: str(text) for name, text in WORDS.items()}
