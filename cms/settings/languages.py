"""The languages that content is written in, from one variable of the environment."""

from django.conf.global_settings import LANGUAGES

from .environment import env, stop

OWN = "en-gb"
"""The language of the service itself, and of what was there before others came."""


def content_languages(name: str, default: str) -> list[tuple[str, str]]:
    """Return the languages in the variable `name`, as in `en-gb:English,fr:Français`, each with what it is called."""
    known = dict(LANGUAGES)
    languages: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in env.str(name, default=default).split(","))):
        code, _, called = (piece.strip() for piece in part.partition(":"))
        code = code.lower()
        if code not in known:
            stop(
                f"{name} names {code!r}, which is no language that Django knows; give codes such as fr or pt-br, "
                "each perhaps with a name, as in en-gb:English,fr:Français."
            )
        languages[code] = called or known[code]
    if OWN not in languages:
        stop(
            f"{name} lacks {OWN}, the language of the service; add it, as in {OWN}:English,fr:Français."
        )
    return list(languages.items())
