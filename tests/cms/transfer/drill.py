"""A site with a page of each type, and all that readers get of it."""

import json

from django.test import Client

from frontend_api.changes.transaction import transaction
from frontend_api.webhooks.models import Form, WebhookRecipient
from tests import factories
from tests.filled import Filler, page_types

ROOT = "/api/v2/"
LISTINGS = ("pages", "programmes", "insights", "images", "documents", "redirects", "themes")


def answers() -> dict[str, bytes]:
    """Return every listing with all fields, every page, and a search, as readers get them, cached or not."""
    client = Client()

    def get(path: str) -> bytes:
        response = client.get(f"{ROOT}{path}")
        assert response.status_code == 200, (path, response.content)
        return bytes(response.content)

    found = {path: get(path) for path in ("site/", "search/?q=filled", "search/?q=x")}
    for name in LISTINGS:
        found[name] = get(f"{name}/?limit=100" + ("" if name == "redirects" else "&fields=*"))
    for page in json.loads(found["pages"])["items"][::3]:
        found[str(page["id"])] = get(f"pages/{page['id']}/")
    for document in json.loads(found["documents"])["items"]:
        address = document["meta"]["download_url"].partition("8000")[2]
        response = client.get(address)
        found[address] = response.getvalue()
    return found


def fill() -> None:
    """Make a page of each type with all that it can name, a draft, and an account."""
    filler = Filler(1)
    with transaction():
        for model in page_types():
            filler.page(model)
    factories.ContentPageFactory(title="Draft", slug="draft", live=False).save_revision()
    factories.UserFactory(username="mira")
    WebhookRecipient.objects.create(name="Search", address="https://x.example", form=Form.BUILD)
