"""Validators for what editors type, shared by models and blocks."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 1900
LAST_YEAR = 2100

year_validators = [
    MinValueValidator(FIRST_YEAR, _("Enter a year from 1900 to 2100.")),
    MaxValueValidator(LAST_YEAR, _("Enter a year from 1900 to 2100.")),
]


def validate_web_address(address: str) -> None:
    """Raise `ValidationError` unless `address` is safe for a browser to open: http or https, with a host."""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https"}:
        raise ValidationError(
            _("Enter a web address that begins with https:// or http://."), code="invalid"
        )
    URLValidator(
        schemes=["http", "https"],
        message=_("Enter a complete web address, such as https://example.org/."),
    )(address)
