"""Whatever is wrong with the provider of accounts ends in a sentence: a short one to people, a whole one in the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from cms.accounts import discovery
from cms.models import User
from cms.operations.facts.accounts import provider as fact

from .providers import Provider

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@contextmanager
def answering(answers: dict[str, Any]) -> Iterator[str]:
    """Serve what should be a provider: JSON or text by path, or a status; an address in it is `HERE`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0], 404)
            self.send_response(answer if isinstance(answer, int) else 200)
            text = answer if isinstance(answer, str) else json.dumps(answer)
            body = text.replace("HERE", here).encode()
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield here
        server.shutdown()


CONFIGURATION = {
    "issuer": "HERE",
    "authorization_endpoint": "HERE/authorize",
    "token_endpoint": "HERE/token",
    "userinfo_endpoint": "HERE/me",
    "jwks_uri": "HERE/keys",
}
TOKEN = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}


def set_up_for(settings: Any, issuer: str) -> None:
    """Have the environment name another provider."""
    settings.OIDC = {**settings.OIDC, "issuer": issuer}


def told(browser: Client) -> str:
    """Return what somebody who was sent back reads."""
    text: str = browser.get(reverse("wagtailadmin_login")).content.decode()
    return text


def there(browser: Client) -> Any:
    """Go to the provider."""
    return browser.get(reverse("openid_connect_login", args=["sso"]))


def and_back(browser: Client, answer: Any) -> Any:
    """Come back with a code, as if somebody had agreed."""
    state = requests.models.PreparedRequest()
    state.prepare_url(answer.headers["Location"], {})
    query = dict(part.split("=", 1) for part in urlsplit(state.url or "").query.split("&"))
    parameters = {"code": "made-up", "state": query["state"]}
    return browser.get(reverse("openid_connect_callback", args=["sso"]), parameters)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "answers with the status 404"),
        ({discovery.PATH: "<html>"}, "is not the configuration of a provider"),
        ({discovery.PATH: []}, "is not the configuration of a provider"),
        ({discovery.PATH: {"issuer": "x"}}, "is not the configuration of a provider"),
    ],
)
def test_a_wrong_issuer(
    client: Client, provider: Provider, settings: Any, caplog: Any, answers: Any, said: str
) -> None:
    with answering(answers) as issuer:
        set_up_for(settings, issuer)
        assert there(client).headers["Location"] == reverse("wagtailadmin_login")
        assert f"OIDC_ISSUER is {issuer}" in caplog.messages[-1]
        assert said in caplog.messages[-1]
        found = fact()
    page = told(client)
    assert "did not work" in page
    assert issuer not in page
    assert (found.is_good, said in found.says) == (False, True)


def test_nobody_at_the_issuer(
    client: Client, provider: Provider, settings: Any, caplog: Any
) -> None:
    set_up_for(settings, "http://127.0.0.1:9")
    assert there(client).headers["Location"] == reverse("wagtailadmin_login")
    sentence = "OIDC_ISSUER is http://127.0.0.1:9, and nobody answers there: ConnectionError."
    assert sentence in caplog.messages[-1]
    assert fact().says == sentence


def test_a_wrong_secret(client: Client, provider: Provider, settings: Any, caplog: Any) -> None:
    known = discovery.configuration()
    registered = requests.post(
        known["registration_endpoint"],
        json={"redirect_uris": ["http://testserver/admin/login/oidc/sso/login/callback/"]},
        timeout=5,
    ).json()
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    for name, value in (("client_id", registered["client_id"]), ("secret", "not it")):
        settings.OIDC[name] = app[name] = value
    assert and_back(client, there(client)).headers["Location"] == reverse("wagtailadmin_login")
    assert "OIDC_CLIENT_SECRET" in caplog.messages[-1]
    assert "did not work" in told(client)
    assert "OIDC_CLIENT_SECRET" in fact().says
    settings.OIDC["secret"] = registered["client_secret"]
    assert fact().is_good


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"/token": TOKEN, "/me": {"groups": ["cms-editors"]}}, "KeyError('sub')"),
        ({"/token": TOKEN, "/me": ["x"]}, "userinfo_endpoint"),
        ({"/token": TOKEN, "/me": {"sub": "x" * 500, "groups": []}}, "userinfo_endpoint"),
        ({"/token": TOKEN, "/me": 403}, "403"),
        ({"/token": TOKEN, "/me": "<html>"}, "Expecting value"),
        ({"/token": {**TOKEN, "expires_in": "soon"}}, "token_endpoint"),
        ({"/token": {**TOKEN, "id_token": "x"}, "/me": {"sub": "1"}}, "id token"),
        ({"/token": [1]}, "token"),
        ({"/token": 500}, "token"),
    ],
)
def test_answers_of_another_shape(
    client: Client, provider: Provider, settings: Any, caplog: Any, answers: Any, said: str
) -> None:
    with answering({discovery.PATH: CONFIGURATION, **answers}) as issuer:
        set_up_for(settings, issuer)
        back = and_back(client, there(client))
    assert back.headers["Location"] == reverse("wagtailadmin_login")
    assert said in caplog.messages[-1]
    assert "did not work" in told(client)


@pytest.mark.parametrize("query", [{}, {"code": "x"}, {"code": "x", "state": "y"}, {"error": "e"}])
def test_whoever_comes_back_without_having_been_there(
    client: Client, provider: Provider, query: dict[str, str]
) -> None:
    answer = client.get(reverse("openid_connect_callback", args=["sso"]), query)
    assert answer.headers["Location"] == reverse("wagtailadmin_login")
    assert "did not work" in told(client)


@pytest.mark.parametrize(
    ("claims", "setting"),
    [
        ({"groups": ["canteen"]}, "OIDC_GROUPS has none of their groups"),
        ({"groups": ["cms-writers"]}, "OIDC_GROUPS leads to 'Writers'"),
        ({"groups": 7}, "OIDC_GROUPS has none"),
    ],
)
def test_groups_that_lead_nowhere(
    client: Client,
    provider: Provider,
    settings: Any,
    caplog: Any,
    claims: dict[str, Any],
    setting: str,
) -> None:
    settings.OIDC["groups"] = {"cms-editors": "Editors", "cms-writers": "Writers"}
    provider.say(**claims)
    client.get(urlsplit(provider.agree(there(client).headers["Location"])).geturl())
    assert "may not use the CMS" in told(client)
    assert any(setting in message for message in caplog.messages)
    assert not User.objects.filter(username="ines").exists()
    assert fact().says.startswith("OIDC_GROUPS leads to 'Writers'")


def test_a_claim_that_is_missing(
    client: Client, provider: Provider, settings: Any, caplog: Any
) -> None:
    settings.OIDC["claim"] = "roles"
    client.get(provider.agree(there(client).headers["Location"]))
    assert "may not use the CMS" in told(client)
    assert "OIDC_GROUPS_CLAIM is 'roles'" in caplog.messages[-1]
    # What somebody is called is nobody's business.
    assert "ines@" not in caplog.messages[-1]


def test_no_provider_is_no_page(client: Client) -> None:
    for name in ("openid_connect_login", "openid_connect_callback"):
        assert client.get(reverse(name, args=["sso"])).status_code == 404
    assert fact().is_good
