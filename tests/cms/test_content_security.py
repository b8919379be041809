"""The headers that say what a page of the CMS may load, and who may frame it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import inline_formset

from cms import content_security_reports as reports
from cms.models import HomePage
from tests import factories
from tests.cms.admin import content_form

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def policy(response: Any) -> dict[str, list[str]]:
    """Return the policy of a page by its directives."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in parts}


def test_the_admin_loads_nothing_from_elsewhere_and_is_framed_by_nobody(editor: Client) -> None:
    for url in (reverse("wagtailadmin_home"), reverse("wagtailadmin_account"), "/api/v2/docs/"):
        response = editor.get(url)
        found = policy(response)
        assert found["default-src"] == ["'self'"]
        # Wagtail starts its fields with inline scripts; nothing else does.
        inline = [] if "docs" in url else ["'unsafe-inline'"]
        assert found["script-src"] == ["'self'", *inline]
        frames = [] if "docs" in url else ["http://localhost"]
        assert found["frame-src"] == ["'self'", *frames]
        assert found["connect-src"] == ["'self'", *frames]
        assert found["frame-ancestors"] == ["'none'"]
        assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["wagtailadmin_login", "wagtailadmin_password_reset"])
def test_nothing_inline_runs_where_passwords_are_typed(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert policy(response)["script-src"] == ["'self'"]
    page = BeautifulSoup(response.content, "html.parser")
    scripts = [one for one in page.find_all("script") if not one.get("src")]
    # Data is no script to a browser.
    assert {one.get("type") for one in scripts} <= {"application/json"}
    handlers = [key for tag in page.find_all(True) for key in tag.attrs if key.startswith("on")]
    assert not handlers


def test_what_is_refused_is_reported_here(editor: Client) -> None:
    response = editor.get(reverse("wagtailadmin_home"))
    found = policy(response)
    assert found["report-uri"] == ["/csp-reports/"]
    assert found["report-to"] == ["csp"]
    assert response.headers["Reporting-Endpoints"] == 'csp="/csp-reports/"'


PAGE = "https://cms.example.org/admin/pages/3/edit/?q=what-was-typed"
OLD = {
    "csp-report": {
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?a=1",
        "document-uri": PAGE,
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {
            "effectiveDirective": "script-src-elem",
            "blockedURL": "inline",
            "documentURL": PAGE,
        },
    },
    {"type": "deprecation", "body": {}},
]


def report(body: Any, **headers: Any) -> int:
    """Send a report as a browser does, without a session, and return the status."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Client(enforce_csrf_checks=True).post(
        "/csp-reports/", text, content_type="application/csp-report", **headers
    )
    assert not response.content
    return response.status_code


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the log says of reports."""
    reports._told.clear()
    caplog.set_level("WARNING", "cms.content_security")
    yield caplog.messages
    reports._told.clear()


def test_a_report_is_one_line_once(
    told: list[str], caplog: pytest.LogCaptureFixture, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        for body in (OLD, NEW, OLD, NEW):
            assert report(body) == 204
    assert caplog.messages == [
        "The Content-Security-Policy refused https://evil.example by script-src-elem "
        "on /admin/pages/3/edit/",
        "The Content-Security-Policy refused inline by script-src-elem on /admin/pages/3/edit/",
    ]


def test_reports_are_bounded(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    assert report(b"x" * 20_000) == 413
    for body in (b"{", b"1", b"\xff", b"[" * 10_000, {"a": 1}):
        assert report(body) == 400
    for number in range(150):
        odd = {"blocked-uri": f"https://{number}.example", "document-uri": "/a\n2026 ERROR forged"}
        report({"csp-report": {**odd, "effective-directive": ["x"] * 1000}})
    lines = [one.getMessage() for one in caplog.records if one.name == "cms.content_security"]
    assert len(lines) == reports.MOST_LINES
    assert not any("\n" in line or len(line) > 800 for line in lines)
    assert Client().get("/csp-reports/").status_code == 405


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["csp-report", "body", "type", "blockedURL", "documentURL", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(json_values)
@settings(max_examples=50)
def test_whatever_is_sent_is_answered(body: Any) -> None:
    request = RequestFactory().post("/csp-reports/", body, content_type="application/json")
    assert reports.take(request).status_code in {204, 400}


def test_previews_of_every_site_can_be_framed(editor: Client, settings: Any) -> None:
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=root)
    urls = {"default": "{SITE_ROOT_URL}/preview", "localhost": "https://next.example/draft"}
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": urls}
    frames = policy(editor.get(reverse("wagtailadmin_home")))["frame-src"]
    assert frames == ["'self'", "https://next.example", "https://other.example"]


def test_what_the_admin_frames_itself_is_framed_by_it_alone(administrator: Client) -> None:
    root = Page.get_first_root_node()
    page = root.add_child(instance=HomePage(title="Nowhere", slug="nowhere"))
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = {"featured_programmes": inline_formset([]), "featured_insights": inline_formset([])}
    assert administrator.post(url, content_form(**form)).json()["is_valid"]
    response = administrator.get(url)
    assert "This page belongs to no site" in response.content.decode()
    assert policy(response)["frame-ancestors"] == ["'self'"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_media_may_be_elsewhere(editor: Client, settings: Any) -> None:
    settings.MEDIA_URL = "https://media.example.org/files/"
    found = policy(editor.get(reverse("wagtailadmin_home")))
    assert found["img-src"] == ["'self'", "data:", "blob:", "https://media.example.org"]


def test_what_is_no_page_has_no_policy_and_a_file_keeps_its_own(client: Client) -> None:
    assert "Content-Security-Policy" not in client.get("/api/v2/site/").headers
    document = factories.DocumentFactory()
    response = client.get(document.url)
    response.close()
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
