"""The admin as the people who edit use it: logging in, filling in the real forms, reading the errors."""

import datetime
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.models import User
from tests.factories import UserFactory

SUBMIT = {"action-submit": "action-submit"}
PUBLISH = {"action-publish": "action-publish"}
DRAFT: dict[str, str] = {}
# What the form of one's own account sends, but for passwords and a picture.
ACCOUNT = {
    "name_email-first_name": "Edith",
    "name_email-last_name": "Torres",
    "name_email-email": "edith@example.org",
    "theme-theme": "system",
    "theme-contrast": "system",
    "theme-density": "default",
    "theme-keyboard_shortcuts": "on",
}

TEXT = ("rich_text", rich_text("<p>Text</p>"))


def log_in(client: Client, group: str | None) -> User:
    """Log in as somebody new of a group (`Editors`, `Moderators`), or as an administrator."""
    administrator = {"is_superuser": True} if group is None else {"groups": [group]}
    user = UserFactory(**administrator)
    client.force_login(user)
    return user


def form_data(fields: Mapping[str, Any], *children: str) -> dict[str, str]:
    """Return what the browser sends for `fields`, with `children` empty where they are not among them."""
    empty = {name: inline_formset([]) for name in (*children, "comments")}
    return nested_form_data({**empty, **fields})


def add_url(model: type[Page], parent: Page) -> str:
    """Return the address at which a page is made."""
    names = (model._meta.app_label, model._meta.model_name, parent.pk)
    return reverse("wagtailadmin_pages:add", args=names)


def edit_url(page: Page) -> str:
    """Return the address at which a page is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def form_errors(response: Any) -> dict[str, list[str]]:
    """Return the messages that the form came back with, by field; those of children as `phases-0-end_year`."""
    assert response.status_code == 200, "The form was accepted."
    form = response.context["form"]
    errors = {name: [str(message) for message in found] for name, found in form.errors.items()}
    for name, formset in getattr(form, "formsets", {}).items():
        for number, child in enumerate(formset.errors):
            for field, found in child.items():
                errors[f"{name}-{number}-{field}"] = [str(message) for message in found]
    return errors


def soup(response: Any) -> BeautifulSoup:
    """Return the page that the browser shows."""
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def listing_rows(client: Client, url_name: str, **parameters: Any) -> list[dict[str, str]]:
    """Return the rows of a listing, each by the headings of its columns."""
    table = soup(client.get(reverse(url_name), parameters)).find("table", class_="listing")
    if table is None:
        return []
    # A heading by which the listing can be sorted is a link, with more beside it.
    headings = [
        (cell.find("a") or cell).get_text(" ", strip=True)
        for cell in table.find("thead").find_all("th")
    ]
    return [
        dict(
            zip(
                headings,
                (
                    # A title stands in its link, among buttons.
                    (cell.find(class_="title-wrapper") or cell).get_text(" ", strip=True)
                    for cell in row.find_all("td")
                ),
                strict=True,
            )
        )
        for row in table.find("tbody").find_all("tr")
    ]


def titles(client: Client, url_name: str, **parameters: Any) -> list[str]:
    """Return the titles in a listing."""
    return [row["Title"] for row in listing_rows(client, url_name, **parameters)]


def programme_form(**fields: Any) -> dict[str, str]:
    """Return the form of a programme from 2015 to 2023, with what a test changes."""
    complete = {
        "title": "A programme",
        "slug": "a-programme",
        "summary": "",
        "start_year": "2015",
        "end_year": "2023",
        "image": "",
        "body": streamfield([]),
    }
    children = ("partners", "key_figures", "phases", "related_insights")
    return form_data({**complete, **fields}, *children)


def insight_form(**fields: Any) -> dict[str, str]:
    """Return the form of an insight that has nothing to read yet, with what a test changes."""
    complete = {
        "title": "An insight",
        "slug": "an-insight",
        "summary": "",
        "image": "",
        "published_on": datetime.date(2024, 5, 1).isoformat(),
        "external_url": "",
        "source": "",
        "body": streamfield([]),
    }
    return form_data({**complete, **fields})


def content_form(**fields: Any) -> dict[str, str]:
    """Return the form of an empty content page, with what a test changes."""
    complete = {
        "title": "A page",
        "slug": "a-page",
        "summary": "",
        "image": "",
        "body": streamfield([]),
    }
    return form_data({**complete, **fields})
