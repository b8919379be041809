"""Which bulk actions somebody may do on what a list shows, so that the bar offers no others."""

from typing import Any

from wagtail.admin.views.bulk_action.registry import bulk_action_registry

_ACTIONS = "_bulk_actions"


def allowed(request: Any, instance: Any) -> list[str]:
    """Return the types of the bulk actions that the user may do on an object that a list shows."""
    kept: dict[Any, Any] = request.__dict__.setdefault(_ACTIONS, {})
    model = type(instance)
    if model not in kept:
        kept[model] = list(_actions(request, model))
    return [action.action_type for action in kept[model] if action.check_perm(instance)]


def _actions(request: Any, model: Any) -> Any:
    # Actions belong to the model that a list is of, such as that of all pages.
    for known in (model, *model._meta.get_parent_list()):
        classes = list(
            bulk_action_registry.get_bulk_actions_for_model(
                known._meta.app_label, known._meta.model_name
            )
        )
        if classes:
            return [action(request, known) for action in classes]
    return []
