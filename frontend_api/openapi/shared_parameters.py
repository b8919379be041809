"""The query parameters that endpoints share: a name means the same on every one."""

from frontend_api.endpoints import locale_parameter, parameters
from frontend_api.endpoints.bounds import LARGEST, LONGEST, MOST_VALUES, longest
from frontend_api.serialization.json_schema import Schema, array

TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
WHOLE_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}
PAGE: Schema = {"anyOf": [WHOLE_NUMBER, {"type": "string", "const": "root"}]}


def several(items: Schema) -> Schema:
    """Return the schema of a list, which has one value at least, and no more than any list may have."""
    return {**array(items), "minItems": 1, "maxItems": MOST_VALUES}


SLUGS: Schema = several({"type": "string", "pattern": r"^[\w\-]{1,255}$"})
TAGS: Schema = several(TEXT)

SHARED: dict[str, tuple[Schema, str]] = {
    "fields": (
        TEXT,
        "Adds fields to the default form, or takes some away, by the grammar of Wagtail's v2 API: `body`, `-summary`, "
        "`*`, `_,title`, `partners(_,name)`. The types here are those of the default form: with `fields`, a "
        "property may be missing, and a shorter form may have those of a longer one.",
    ),
    "site": (TEXT, "`hostname[:port]` of a site; the default one without."),
    "cursor": (
        TEXT,
        "Where to go on: `start` at first, then `meta.next_cursor` of the last answer, as it is, with all other "
        "parameters as they were. Not with `offset`, `search` or `order=random`.",
    ),
    "view": (
        {"type": "string", "enum": [*parameters.VIEWS], "default": "teaser"},
        "How each item is shown: as a teaser, or in full as `pages/{id}/` shows it.",
    ),
    "offset": ({**WHOLE_NUMBER, "default": 0}, "How many items to pass over."),
    "search": (
        {"type": "string", "maxLength": longest("search")},
        "Words in titles, summaries and bodies. An empty one finds nothing.",
    ),
    "q": (
        {"type": "string", "maxLength": longest("q")},
        "The words, all of which have to be there. An empty one finds nothing.",
    ),
    "highlight": (
        {"type": "string", "enum": ["true", "false"], "default": "true"},
        "Whether to mark what was found.",
    ),
    "search_operator": (
        {"type": "string", "enum": ["and", "or"], "default": "and"},
        "Whether all words have to be there, or any. `or` goes with `search`.",
    ),
    "html_path": (
        TEXT,
        "A path of the frontend, with or without slashes at its ends, and perhaps with the query behind it, which is "
        "kept where the path leads elsewhere.",
    ),
    "token": (
        {**TEXT, "maxLength": longest("token")},
        "The token that the preview's address has; it goes with `content_type`, and is in the header instead once it "
        "is out of the address.",
    ),
    "tags": (
        TAGS,
        f"Tags, all of which it has; {MOST_VALUES} at most.",
    ),
    "id": (WHOLE_NUMBER, "The exact id."),
    "child_of": (PAGE, "The id of the page directly above, or `root` for the site's home."),
    "descendant_of": (PAGE, "The id of a page anywhere above, or `root` for the site's home."),
    "ancestor_of": (PAGE, "The id of a page anywhere below, or `root` for the site's home."),
    "translation_of": (PAGE, "The id of a page in another language."),
    "locale": (TEXT, "A language code, such as `en-gb`: only what is in that language."),
    "fallback": (
        {"type": "string", "enum": [*locale_parameter.FALLBACKS]},
        "With `default`, what is missing in a language is given in that of the site's home page; `meta.locale` says "
        "what is given. Without it, there is nothing.",
    ),
}
"""The schema and description of each."""
