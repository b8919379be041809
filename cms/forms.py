"""Forms that recognise inline children submitted twice, and that count as changed only if something was changed.

Twice is from an older tab, after Back, or by a second click. A child that was new when the form was opened is
submitted without an id, even if it has been saved since. Wagtail would save it a second time or, where a unique
constraint forbids that, fail with the database's error.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.models import Site

from .drafts.forms import AcceptsUnfinished

TWICE = _(
    "This is there already: it was added after you had opened this form. Remove it here, or open the form anew."
)


GONE = _(
    "This was removed after you had opened this form. Remove it here too, or open the form anew."
)


class ComparesWithWhatIsStored:
    """Compares each field, of saved children too, with what is stored when it says whether it was changed.

    Django compares a field whose default is a function, such as today's date, with a hidden copy of what it showed.
    Wagtail renders no such copies, so that the field counted as changed whatever it held.
    """

    fields: dict[str, Any]
    formsets: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        children = (form for formset in self.formsets.values() for form in formset.initial_forms)
        for form in (self, *children):
            for field in form.fields.values():
                field.show_hidden_initial = False


class KnowsChildrenSentAgain(ComparesWithWhatIsStored):
    """Takes a child submitted without an id for the saved child with the same values, if the form lacks that one."""

    def is_valid(self) -> bool:
        """Match the children, and return whether everything can be saved."""
        if not super().is_valid():  # type: ignore[misc]
            for formset in self.formsets.values():
                _say_what_is_gone(formset)
            return False
        free = [_is_free_of_twins(formset) for formset in self.formsets.values()]
        return all(free)


class PageForm(KnowsChildrenSentAgain, AcceptsUnfinished, WagtailAdminPageForm):
    """The base class of the forms of pages; it asks about menus only where they look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_page is not None and not _menus_look_below(self.parent_page):
            # What is stored stays as it is.
            self.fields.pop("show_in_menus", None)


class ModelForm(KnowsChildrenSentAgain, AcceptsUnfinished, WagtailAdminModelForm):
    """The base class of the forms of settings and snippets."""


def _menus_look_below(page: Any) -> bool:
    """Return whether the pages directly below `page` can stand in a site's menu, which has no items of its own then."""
    homes = {"root_page__translation_key": page.translation_key}
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        homes = {"root_page": page}
    own_menus = Q(sitesettings__locale=page.locale_id, sitesettings__live=True)
    with_menu = Site.objects.filter(own_menus, sitesettings__navigation__isnull=False)
    return Site.objects.filter(**homes).exclude(pk__in=with_menu.values("pk")).exists()


def _say_what_is_gone(formset: Any) -> None:
    """Move errors on the hidden id fields of children that are gone to their forms, where the editor sees them."""
    key = formset.model._meta.pk.name
    for form in formset.forms:
        if any(error.code == "invalid_choice" for error in form.errors.as_data().get(key, ())):
            del form.errors[key]
            form.add_error(None, ValidationError(GONE, "gone"))


def _is_free_of_twins(formset: Any) -> bool:
    """Give new children that are already saved their ids; return whether the other new ones can be added."""
    named = {form.instance.pk for form in formset.forms}
    children = getattr(formset.instance, formset.rel_name).all()
    unnamed = [child for child in children if child.pk is not None and child.pk not in named]
    is_free = True
    for form in formset.forms:
        is_new = form.instance.pk is None and form.has_changed()
        if not unnamed or not is_new or form in formset.deleted_forms:
            continue
        twin = next((child for child in unnamed if _say_the_same(form, child)), None)
        if twin is not None:
            form.instance.pk = twin.pk
            unnamed.remove(twin)
        elif any(_exclude_each_other(form.instance, child, formset.fk.name) for child in unnamed):
            form.add_error(None, ValidationError(TWICE, "twice"))
            is_free = False
    return is_free


def _say_the_same(form: Any, child: Any) -> bool:
    fields = [field for field in child._meta.fields if field.name in form.fields]
    return all(
        field.value_from_object(form.instance) == field.value_from_object(child)
        for field in fields
        if not field.primary_key
    )


def _exclude_each_other(new: Any, child: Any, parent: str) -> bool:
    """Return whether a unique constraint forbids one parent to have both children."""
    constraints = (constraint.fields for constraint in child._meta.total_unique_constraints)
    together: Iterable[Iterable[str]] = [*child._meta.unique_together, *constraints]
    return any(
        parent in names
        and all(_value(new, name) == _value(child, name) for name in names if name != parent)
        for names in map(list, together)
    )


def _value(child: Any, name: str) -> Any:
    return child._meta.get_field(name).value_from_object(child)
