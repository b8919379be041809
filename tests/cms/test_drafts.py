"""A draft may be incomplete and need not fit together; publishing says what is missing, wherever somebody tries."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories, previews
from tests.cms.admin import (
    DRAFT,
    PUBLISH,
    SUBMIT,
    TEXT,
    add_url,
    edit_url,
    form_data,
    form_errors,
    insight_form,
    programme_form,
)
from tests.cms.test_refusals import publish, told
from tests.events.models import EventPage, Sponsor

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOBODY = {"image": "", "alt_text": "", "decorative": ""}


def items(*values: Any) -> dict[str, Any]:
    """Return what the browser sends for a list in a block."""
    sent: dict[str, Any] = {"count": str(len(values))}
    for number, value in enumerate(values):
        sent[str(number)] = {
            "value": value,
            "order": str(number),
            "id": "",
            "type": "item",
            "deleted": "",
        }
    return sent


UNFINISHED: dict[str, tuple[str, Any]] = {
    "a call to action that leads nowhere": (
        "call_to_action",
        {"label": "Apply", "page": "", "url": ""},
    ),
    "a call to action without a label": (
        "call_to_action",
        {"label": "", "page": "", "url": "https://a.example/"},
    ),
    "a heading without its text": ("heading", {"text": "", "level": "h2"}),
    "a heading of spaces": ("heading", {"text": "  ", "level": "h2"}),
    "a quote of nobody's words": ("quote", {"text": "", "attribution": "An investigator"}),
    "an image that is not chosen": (
        "image",
        {"image": NOBODY, "caption": "In Lyon", "credit": ""},
    ),
    "a video without an address": ("video", {"video": "", "caption": "Working together"}),
    "a document that is not chosen": ("document", {"document": "", "label": "The report"}),
    "no figures": ("key_figures", {"figures": items()}),
    "a figure of which nothing is said": (
        "key_figures",
        {"figures": items({"value": "10", "label": "", "as_of": ""})},
    ),
    "a row of no insights": ("insights", {"heading": "Read more", "insights": items()}),
    "a row with a place for an insight": (
        "insights",
        {"heading": "Read more", "insights": items("")},
    ),
    "both a page and an address": (
        "call_to_action",
        {"label": "Apply", "page": "1", "url": "https://a.example/"},
    ),
}
BLOCKS = pytest.mark.parametrize("block", UNFINISHED.values(), ids=UNFINISHED)


def saved(browser: Client, *, then: dict[str, str] = DRAFT, **fields: Any) -> Any:
    """Send the form of a new insight."""
    index = factories.insight_index()
    return browser.post(add_url(InsightPage, index), {**insight_form(**fields), **then})


@BLOCKS
def test_a_draft_holds_a_block_that_is_not_finished(
    administrator: Client, block: tuple[str, Any]
) -> None:
    assert saved(administrator, body=streamfield([TEXT, block])).status_code == 302
    page = InsightPage.objects.get()
    assert [child.block_type for child in page.body] == ["rich_text", block[0]]
    # It is saved again, by the browser itself too, and previewed.
    form = insight_form(slug=page.slug, body=streamfield([TEXT, block]))
    response = administrator.post(edit_url(page), form, headers={"accept": "application/json"})
    assert response.json()["success"] is True
    preview = administrator.post(
        reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), form
    )
    assert preview.json()["is_valid"] is True
    response = Client().get(
        "/api/v2/preview/", headers=previews.bearer(previews.token_for(page.specific))
    )
    assert response.status_code == 200
    assert [each["type"] for each in response.json()["body"]] == ["rich_text", block[0]]


@BLOCKS
@pytest.mark.parametrize("action", [PUBLISH, SUBMIT], ids=["publish", "submit"])
def test_what_is_more_than_a_draft_says_what_a_block_lacks(
    administrator: Client, block: tuple[str, Any], action: dict[str, str]
) -> None:
    response = saved(administrator, then=action, body=streamfield([TEXT, block]))
    assert set(form_errors(response)) == {"body"}
    assert not InsightPage.objects.exists()


@BLOCKS
def test_a_bulk_action_says_what_a_block_lacks(
    administrator: Client, block: tuple[str, Any]
) -> None:
    saved(administrator, body=streamfield([TEXT, block]))
    page = InsightPage.objects.get()
    administrator.get("/admin/")
    [message] = told(administrator, publish(administrator, page))
    assert message.startswith("“An insight” is not published. Body: ")
    assert "Validation error" not in message
    page.refresh_from_db()
    assert not page.live


def test_it_says_where_in_the_body_and_in_which_words(administrator: Client) -> None:
    body = streamfield(
        [
            TEXT,
            ("call_to_action", {"label": "Apply", "page": "", "url": ""}),
            (
                "key_figures",
                {
                    "figures": items(
                        {"value": "1", "label": "", "as_of": ""},
                    )
                },
            ),
        ]
    )
    saved(administrator, body=body)
    administrator.get("/admin/")
    [message] = told(administrator, publish(administrator, InsightPage.objects.get()))
    assert "Call to action (2), Page: Choose a page or give an address." in message
    assert "Key figures (3), Figures, Figure 1, What it counts: This field is required." in message


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (("heading", {"text": "x" * 201, "level": "h2"}), "at most 200"),
        (("heading", {"text": "x", "level": "h9"}), "h9"),
        (
            ("call_to_action", {"label": "Apply", "page": "", "url": "javascript:alert(1)"}),
            "https://",
        ),
        (
            ("key_figures", {"figures": items({"value": "1", "label": "x", "as_of": "soon"})}),
            "valid date",
        ),
        (("video", {"video": "https://example.org/", "caption": ""}), "embed"),
    ],
)
def test_a_wrong_value_is_refused_in_a_draft_too(
    administrator: Client, block: tuple[str, Any], says: str
) -> None:
    response = saved(administrator, body=streamfield([TEXT, block]))
    assert set(form_errors(response)) == {"body"}
    assert says in response.content.decode()


def phase(**fields: str) -> dict[str, str]:
    return {"title": "Phase", "start_year": "2016", "end_year": "2017", "text": "null", **fields}


UNFIT: dict[str, tuple[dict[str, Any], str]] = {
    "a phase without a last year": (
        {"phases": inline_formset([phase(end_year="")])},
        "Phase 1, last year: The programme has a last year, so the phase needs one too.",
    ),
    "a phase outside the programme": (
        {"phases": inline_formset([phase(), phase(start_year="2000")])},
        "Phase 2, first year: The phase starts outside the programme.",
    ),
    "a phase that ends before it begins": (
        {"phases": inline_formset([phase(end_year="2015")])},
        "Phase 1, last year: The last year is before the first.",
    ),
    "a phase without a title": (
        {"phases": inline_formset([phase(title="")])},
        "Phase 1, title: This field cannot be blank.",
    ),
    "a figure of which nothing is said": (
        {"key_figures": inline_formset([{"value": "10", "label": "", "as_of": ""}])},
        "Key figure 1, what it counts: This field cannot be blank.",
    ),
    "a last year before the first": (
        {"end_year": "2014"},
        "Last year: The last year is before the first.",
    ),
    "no first year": ({"start_year": ""}, "First year: This field cannot be blank."),
}
YEARS = pytest.mark.parametrize(("fields", "says"), UNFIT.values(), ids=UNFIT)


@YEARS
def test_a_draft_of_a_programme_need_not_fit_together(
    administrator: Client, fields: dict[str, Any], says: str
) -> None:
    url = add_url(ProgrammePage, factories.programme_index())
    response = administrator.post(url, programme_form(**fields))
    # The editor is told at once.
    assert says in " ".join(told(administrator, response))
    page = ProgrammePage.objects.get()
    preview = administrator.post(
        reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]),
        programme_form(slug=page.slug, **fields),
    )
    assert preview.json()["is_valid"] is True
    token = previews.token_for(page)
    assert Client().get("/api/v2/preview/", headers=previews.bearer(token)).status_code == 200
    # Each way to publish it says so as well.
    assert form_errors(administrator.post(url, {**programme_form(slug="b", **fields), **PUBLISH}))
    [message] = told(administrator, publish(administrator, page))
    assert says in message
    page.refresh_from_db()
    assert not page.live


def test_a_draft_that_is_completed_is_published(administrator: Client) -> None:
    url = add_url(ProgrammePage, factories.programme_index())
    administrator.post(url, programme_form(phases=inline_formset([phase(end_year="")])))
    page = ProgrammePage.objects.get()
    child = {**phase(), "id": str(page.phases.get().pk)}
    form = programme_form(phases=inline_formset([child], initial=1))
    assert administrator.post(edit_url(page), {**form, **PUBLISH}).status_code == 302
    page = ProgrammePage.objects.get()
    assert page.live
    # A draft of what is live may be incomplete, too.
    form = programme_form(
        end_year="2014", phases=inline_formset([{**child, "title": ""}], initial=1)
    )
    assert administrator.post(edit_url(page), form).status_code == 302
    page = ProgrammePage.objects.get()
    assert page.end_year == 2023
    draft = page.get_latest_revision_as_object()
    assert (draft.end_year, draft.phases.get().title) == (2014, "")


def test_a_child_that_is_sent_twice_is_no_error_of_the_service(administrator: Client) -> None:
    page = factories.ProgrammePageFactory(
        parts=[{"title": "Phase", "start_year": 2015, "end_year": 2023}]
    )
    child = {**phase(), "id": str(page.phases.get().pk)}
    form = programme_form(slug=page.slug, phases=inline_formset([child, child], initial=2))
    assert administrator.post(edit_url(page), form).status_code in {200, 302}


def test_an_approval_says_what_a_block_lacks(editor: Client, moderator: Client) -> None:
    saved(editor, then=SUBMIT, body=streamfield([TEXT]))
    page = InsightPage.objects.get()
    lacking = streamfield([TEXT, UNFINISHED["a heading without its text"]])
    assert moderator.post(edit_url(page), insight_form(body=lacking)).status_code == 302
    moderator.get("/admin/")
    task = InsightPage.objects.get().current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    [*_, message] = told(moderator, moderator.post(address, {"comment": ""}))
    assert "Heading (2), Text: This field is required." in message
    assert not Page.objects.get(pk=page.pk).live


def test_what_is_incomplete_is_not_scheduled_either(administrator: Client) -> None:
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    lacking = streamfield([TEXT, UNFINISHED["a heading without its text"]])
    saved(administrator, body=lacking, go_live_at=tomorrow.strftime("%Y-%m-%d %H:%M"))
    page = InsightPage.objects.get()
    administrator.get("/admin/")
    [message] = told(administrator, publish(administrator, page))
    assert "Heading (2), Text: This field is required." in message
    assert not InsightPage.objects.get().approved_schedule


def test_what_was_complete_when_it_was_scheduled_is_published_though_something_is_gone(
    administrator: Client,
) -> None:
    other = factories.InsightPageFactory()
    row = streamfield([("insights", {"heading": "", "insights": items(str(other.pk))})])
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    saved(administrator, then=PUBLISH, body=row, go_live_at=tomorrow.strftime("%Y-%m-%d %H:%M"))
    page = InsightPage.objects.get(slug="an-insight")
    other.delete()
    page.scheduled_revision.approved_go_live_at = timezone.now()
    revision = page.scheduled_revision
    revision.content["go_live_at"] = None
    revision.save()
    page.scheduled_revision.publish()
    assert InsightPage.objects.get(slug="an-insight").live


def test_a_date_that_is_typed_anew_holds_up_nothing_else(administrator: Client) -> None:
    saved(administrator, published_on="2024-05-01")
    page = InsightPage.objects.get()
    form = insight_form(slug=page.slug, published_on="", summary="More")
    assert administrator.post(edit_url(page), form).status_code == 302
    page = InsightPage.objects.get()
    assert (page.summary, page.published_on.isoformat()) == ("More", "2024-05-01")
    complete = {**form, **insight_form(slug=page.slug, published_on="", body=streamfield([TEXT]))}
    errors = form_errors(administrator.post(edit_url(page), {**complete, **PUBLISH}))
    assert errors == {"published_on": ["This field is required."]}
    # A title can be given later, not taken away.
    assert administrator.post(edit_url(page), {**form, "title": ""}).status_code == 302
    assert InsightPage.objects.get().title == "An insight"


def test_pages_of_another_kind_get_it_for_their_blocks(administrator: Client) -> None:
    event = {
        "title": "An event",
        "slug": "an-event",
        "starts_on": "2024-05-01",
        "city": "",
        "notes": "null",
        "follows": "",
        "speakers": inline_formset([{"name": ""}]),
        "body": streamfield([("age", {"youngest": ""})]),
    }
    url = add_url(EventPage, factories.home())
    assert administrator.post(url, form_data(event)).status_code == 302
    page = EventPage.objects.get()
    # What the plugin's own code makes of the age it lacks would be an error.
    shown = Client().get("/api/v2/preview/", headers=previews.bearer(previews.token_for(page)))
    assert shown.json()["body"] == []
    errors = form_errors(administrator.post(edit_url(page), {**form_data(event), **PUBLISH}))
    assert {"city", "body"} <= set(errors)


def test_a_snippet_with_drafts_is_saved_without_a_name_and_not_published(
    administrator: Client,
) -> None:
    add = reverse("wagtailsnippets_events_sponsor:add")
    assert administrator.post(add, nested_form_data({"name": ""})).status_code == 302
    sponsor = Sponsor.objects.get()
    edit = reverse("wagtailsnippets_events_sponsor:edit", args=[sponsor.pk])
    assert set(form_errors(administrator.post(edit, {"name": "", **PUBLISH}))) == {"name"}
    sponsor.refresh_from_db()
    assert not sponsor.live
    assert administrator.post(edit, {"name": "A sponsor", **PUBLISH}).status_code == 302
    sponsor.refresh_from_db()
    assert sponsor.live


def test_publishing_reads_a_draft_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """To read one takes as long as to save it."""
    page = factories.ProgrammePageFactory()
    read, drafts = Page.with_content_json, []

    def note(page: Page, content: Any) -> Page:
        drafts.append(read(page, content))
        return drafts[-1]

    monkeypatch.setattr(Page, "with_content_json", note)
    page.title = "Read once"
    revision = page.save_revision()
    revision.publish()
    assert len(drafts) == 1
    # Whoever asks afterwards is given one of their own, and is not given what was published.
    assert revision.as_object() is not drafts[0]
    page.title = ""
    incomplete = page.save_revision(clean=False)
    with pytest.raises(ValidationError):
        incomplete.publish()
    assert incomplete.as_object() is not incomplete.as_object()
