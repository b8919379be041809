"""What a service keeps for its editors and administrators after years, in numbers that its pages have to bear."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

AT_ONCE = 2_000
ENTRIES = 50_000
MESSAGES = 20_000
REDIRECTS = 20_000
REVISIONS = 2_000
"""Of one page, each with a line in its history."""
WORKFLOWS = 2_000
IMAGES = 5_000
USERS = 500


def add_rows(page: Any, pages: list[Any]) -> None:
    """Add all of it: many versions of one page, and one workflow of each of the others."""
    _log_in_audit()
    _owe_webhooks()
    _redirect(page)
    _revise(page)
    _submit(pages[:WORKFLOWS])
    _add_images()
    _add_users()


def _log_in_audit() -> None:
    from cms.audit.models import AuditEntry, Kind

    now = timezone.now()
    kinds = list(Kind)
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                at=now - timedelta(minutes=number),
                kind=kinds[number % len(kinds)],
                username=f"somebody{number % 50}",
                about=f"page {number}",
                address="192.0.2.0/24",
                facts={"added": ["Moderators"]},
            )
            for number in range(ENTRIES)
        ],
        AT_ONCE,
    )


def _owe_webhooks() -> None:
    from frontend_api.webhooks.models import State, WebhookAttempt, WebhookMessage, WebhookRecipient

    now = timezone.now()
    recipient = WebhookRecipient.objects.create(name="Frontend", address="https://site.example/")
    messages = WebhookMessage.objects.bulk_create(
        [
            WebhookMessage(
                recipient=recipient,
                message_id=f"msg_{number}",
                first=number,
                last=number,
                key=f"insights.insightpage:{number}",
                body="{}" * 500,
                state=State.DELIVERED,
                due_at=now,
                finished_at=now,
            )
            for number in range(MESSAGES)
        ],
        AT_ONCE,
    )
    WebhookAttempt.objects.bulk_create(
        [WebhookAttempt(message=one, at=now, seconds=0.1, status=200) for one in messages], AT_ONCE
    )


def _redirect(page: Any) -> None:
    from wagtail.contrib.redirects.models import Redirect

    Redirect.objects.bulk_create(
        [
            Redirect(old_path=f"/was/{number}", redirect_page_id=page.pk, is_permanent=True)
            for number in range(REDIRECTS)
        ],
        AT_ONCE,
    )


def _revisions(of: list[tuple[Any, datetime]]) -> list[Any]:
    """Make a version of each page at a time."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, Revision

    base = ContentType.objects.get_for_model(Page)
    return Revision.objects.bulk_create(
        [
            Revision(
                content_type=ContentType.objects.get_for_model(page),
                base_content_type=base,
                object_id=str(page.pk),
                created_at=at,
                object_str=page.title,
                content=page.serializable_data(),
            )
            for page, at in of
        ],
        AT_ONCE,
    )


def _revise(page: Any) -> None:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, PageLogEntry

    now = timezone.now()
    kind = ContentType.objects.get_for_model(page)
    revisions = _revisions(
        [(page, now - timedelta(minutes=REVISIONS - number)) for number in range(REVISIONS)]
    )
    Page.objects.filter(pk=page.pk).update(latest_revision=revisions[-1])
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=page.pk,
                content_type=kind,
                label=page.title,
                action="wagtail.edit",
                timestamp=one.created_at,
                uuid=uuid.uuid4(),
                revision=one,
                content_changed=True,
            )
            for one in revisions
        ],
        AT_ONCE,
    )


def _submit(pages: list[Any]) -> None:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, TaskState, Workflow, WorkflowState

    now = timezone.now()
    base = ContentType.objects.get_for_model(Page)
    workflow = Workflow.objects.order_by("pk")[0]
    task = workflow.tasks.order_by("pk")[0].specific
    kinds = {page.pk: ContentType.objects.get_for_model(page) for page in pages}
    revisions = _revisions([(page, now) for page in pages])
    states = WorkflowState.objects.bulk_create(
        [
            WorkflowState(
                content_type=kinds[page.pk],
                base_content_type=base,
                object_id=str(page.pk),
                workflow=workflow,
                created_at=now - timedelta(minutes=number),
            )
            for number, page in enumerate(pages)
        ],
        AT_ONCE,
    )
    tasks = TaskState.objects.bulk_create(
        [
            TaskState(
                workflow_state=state,
                revision=revision,
                task=task,
                started_at=now,
                content_type=ContentType.objects.get_for_model(TaskState),
            )
            for state, revision in zip(states, revisions, strict=True)
        ],
        AT_ONCE,
    )
    for state, one in zip(states, tasks, strict=True):
        state.current_task_state = one
    WorkflowState.objects.bulk_update(states, ["current_task_state"], 200)


def _add_images() -> None:
    from wagtail.images import get_image_model

    model: Any = get_image_model()
    like = model.objects.order_by("pk")[0]
    values = {
        field.attname: getattr(like, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    model.objects.bulk_create(
        [model(**{**values, "title": f"Picture {number}"}) for number in range(IMAGES)], AT_ONCE
    )


def _add_users() -> None:
    from django.contrib.auth import get_user_model

    model: Any = get_user_model()
    model.objects.bulk_create(
        [
            model(username=f"person{number}", email=f"{number}@example.org", password="!")
            for number in range(USERS)
        ],
        AT_ONCE,
    )
