"""What mends Wagtail in this project, in one table, with a system check: is Wagtail still the one that needs it?"""

from typing import Any, NamedTuple

import wagtail
from django.core.checks import CheckMessage, Warning, register

TRIED = "8.0.1"
"""The version of Wagtail without whose mends the tests that the table names fail."""


class Mend(NamedTuple):
    """A fault of Wagtail, the files that mend it, and the test that fails without them."""

    number: str
    fault: str
    files: tuple[str, ...]
    test: str


MENDS = (
    Mend(
        "cms.W005",
        "an expiry that has passed keeps a page from being saved",
        ("cms/drafts/schedule.py",),
        "tests/cms/test_schedules.py::test_a_page_that_has_expired_is_saved_and_keeps_its_expiry",
    ),
    Mend(
        "cms.W010",
        "a refused form is not watched, and what is typed while the page opens or saves is taken for saved",
        ("cms/static/cms/editor/unsaved.js", "cms/static/cms/editor/form-text.js"),
        "tests/e2e/test_unsaved.py::test_a_form_that_was_refused_is_watched_on",
    ),
    Mend(
        "cms.W011",
        "text is lost when the session has ended",
        (
            "cms/static/cms/editor/session.js",
            "cms/static/cms/editor/login-dialog.js",
            "cms/static/cms/editor/signed-in.js",
            "cms/static/cms/editor/submit.js",
        ),
        "tests/e2e/test_logged_out.py::test_save_draft_asks_for_a_login_and_saves",
    ),
    Mend(
        "cms.W012",
        "the panel does not say that the frontend is gone, nor comes back by itself",
        (
            "cms/static/cms/editor/preview.js",
            "cms/templates/wagtailadmin/shared/side_panels/preview.html",
        ),
        "tests/e2e/test_frontend_gone.py::test_the_panel_says_that_the_frontend_is_gone_and_comes_back",
    ),
    Mend(
        "cms.W013",
        "a field whose default is a function counts as changed",
        ("cms/forms.py",),
        "tests/cms/test_unchanged_forms.py::test_who_approves_without_a_change_publishes_what_was_submitted",
    ),
    Mend(
        "cms.W014",
        "what is pasted from a word processor loses its headings, lists, links and tables",
        ("cms/static/cms/paste/document.js", "cms/static/cms/paste/editor.js"),
        "tests/e2e/test_paste.py::test_headings_lists_links_and_superscripts_are_kept",
    ),
    Mend(
        "cms.W015",
        "rich text keeps links that lead readers nowhere",
        ("cms/rich_text.py",),
        "tests/cms/test_rich_text.py::test_a_link_that_leads_readers_nowhere_is_its_text",
    ),
    Mend(
        "cms.W016",
        "the bar of bulk actions offers what may not be done",
        (
            "cms/static/cms/bulk-bar.js",
            "cms/bulk_bar.py",
            "cms/static/cms/admin.css",
            "cms/templates/wagtailadmin/bulk_actions/listing_checkbox_cell.html",
        ),
        "tests/cms/test_listings.py::test_an_editor_is_offered_nothing_on_what_is_published",
    ),
    Mend(
        "cms.W017",
        "a bulk action passes over pages without a word, ends in an error on a wrong key, and counts pages twice",
        ("cms/bulk_actions.py",),
        "tests/cms/test_bulk_actions.py::test_what_is_not_published_is_named_and_the_rest_unpublished",
    ),
    Mend(
        "cms.W047",
        "a bulk action takes all pages of a list at once, however many there are",
        ("cms/bulk_actions.py",),
        "tests/cms/test_bulk_actions.py::test_more_than_can_be_done_at_once_are_refused_and_nothing_is_changed",
    ),
    Mend(
        "cms.W018",
        "a bulk action publishes nothing if one of the pages is incomplete",
        ("cms/bulk_publish.py",),
        "tests/cms/test_refusals.py::test_a_bulk_action_publishes_what_is_complete_and_names_the_rest",
    ),
    Mend(
        "cms.W019",
        "what cannot be saved or published outside of a form is a server error",
        ("cms/refusals.py",),
        "tests/cms/test_refusals.py::test_what_comes_between_is_a_message_and_changes_nothing",
    ),
    Mend(
        "cms.W020",
        "messages do not say what has become of a page",
        ("cms/page_views.py",),
        "tests/cms/test_listings.py::test_a_draft_is_saved",
    ),
    Mend(
        "cms.W021",
        "a form leads to the list below the page's parent, whichever list it was opened in",
        ("cms/return_to.py",),
        "tests/cms/test_listings.py::test_what_is_submitted_leads_back_to_the_list_it_was_opened_from",
    ),
    Mend(
        "cms.W022",
        "the form that copies a page proposes a slug that is taken, and asks for the title of an alias",
        ("cms/copying.py", "cms/static/cms/copy.js"),
        "tests/cms/test_copying.py::test_a_copy_is_made_as_it_is_proposed_again_and_again",
    ),
    Mend(
        "cms.W023",
        "the admin is wider than a phone",
        ("cms/static/cms/admin.css",),
        "tests/e2e/test_accessibility.py::test_every_page_is_accessible_and_readable_on_a_phone_and_its_console_is_clean",
    ),
    Mend(
        "cms.W024",
        "a long title is cut off in its field",
        ("cms/widgets.py",),
        "tests/e2e/test_phone.py::test_a_long_title_is_seen_whole_and_stays_one_line",
    ),
    Mend(
        "cms.W025",
        "the account page stumbles at time zones that browsers do not know",
        ("cms/settings/environment.py",),
        "tests/e2e/test_accessibility.py::test_every_page_is_accessible_and_readable_on_a_phone_and_its_console_is_clean",
    ),
    Mend(
        "cms.W026",
        "the admin finds only the beginnings of words in titles",
        ("cms/search_backend.py", "cms/admin_search.py", "cms/searched_text.py"),
        "tests/cms/test_admin_search.py::test_the_explorer_and_the_search_of_all_pages",
    ),
    Mend(
        "cms.W027",
        "a draft is refused for blocks and values that are not finished",
        ("cms/drafts/fields.py", "cms/drafts/forms.py"),
        "tests/cms/test_drafts.py::test_a_draft_holds_a_block_that_is_not_finished",
    ),
    Mend(
        "cms.W028",
        "what an approval or a bulk action publishes may have unfinished blocks and children",
        ("cms/drafts/completeness.py",),
        "tests/cms/test_drafts.py::test_a_bulk_action_says_what_a_block_lacks",
    ),
    Mend(
        "cms.W029",
        "a child that is sent twice is there twice, or an error of the database",
        ("cms/forms.py",),
        "tests/cms/test_children_sent_again.py::test_children_that_are_sent_again_are_those_that_are_there",
    ),
    Mend(
        "cms.W030",
        "the list of images shows nothing, and says nothing, of one that readers do not see",
        (
            "cms/templates/wagtailimages/images/results_image.html",
            "cms/templates/wagtailimages/images/image_preview_column_cell.html",
        ),
        "tests/cms/test_uploads.py::test_a_picture_that_is_stored_and_too_large_is_marked_and_never_decoded",
    ),
    Mend(
        "cms.W031",
        "links lead to what is refused: to add what has no place, and to edit the root of all pages",
        ("cms/dead_ends.py",),
        "tests/cms/test_no_dead_ends.py::test_every_link_of_the_admin_leads_somewhere",
    ),
    Mend(
        "cms.W033",
        "redirects from old addresses are made one at a time and after the commit, for drafts, too, and fail for large "
        "sections and long paths",
        ("frontend_api/redirects/keeping.py", "frontend_api/redirects/installed.py"),
        "tests/frontend_api/redirects/test_keeping.py::test_a_large_section_moves_in_time_that_grows_no_faster_than_it",
    ),
    Mend(
        "cms.W034",
        "an import of redirects ends in an error at an empty line, and circles and what is no path are not refused",
        ("frontend_api/redirects/installed.py", "frontend_api/redirects/rules.py"),
        "tests/cms/test_redirects.py::test_an_import_takes_what_can_be_taken_and_names_the_rest",
    ),
    Mend(
        "cms.W032",
        "an alias can be unpublished while its original is published",
        ("cms/original.py", "cms/page_views.py"),
        "tests/cms/test_copying.py::test_it_is_refused_with_a_sentence",
    ),
    Mend(
        "cms.W035",
        "where there is one language, a list of pages asks of each whether it can be translated",
        ("cms/one_language.py",),
        "tests/programmes/test_admin.py::test_the_listing_takes_as_many_queries_for_many_programmes_as_for_one",
    ),
    Mend(
        "cms.W044",
        "a site has no scheme, and is at http at every port but 443",
        ("cms/frontend_url.py",),
        "tests/cms/test_use_frontend_url.py::test_the_scheme_is_kept_with_any_port",
    ),
    Mend(
        "cms.W036",
        "what looks like a formula is one in an export in CSV",
        ("cms/exports.py",),
        "tests/cms/test_exports.py::test_no_cell_of_an_export_is_a_formula",
    ),
    Mend(
        "cms.W046",
        "pages that are sorted by hand are shown all at once, however many there are",
        ("cms/sorted_by_hand.py",),
        "tests/cms/test_sorted_by_hand.py::test_too_many_to_sort_by_hand_are_shown_page_by_page_with_a_sentence",
    ),
    Mend(
        "cms.W049",
        "a page is copied, translated, unpublished and deleted with all below it at once, however many there are",
        ("cms/large_sections.py", "cms/translating.py"),
        "tests/cms/test_large_sections.py::test_too_many_below_are_refused_with_a_sentence_and_nothing_is_changed",
    ),
    Mend(
        "cms.W050",
        "a list of what uses something fetches every object that does, one by one, to show twenty",
        ("cms/usage.py",),
        "tests/cms/test_usage.py::test_many_uses_are_listed_page_by_page_in_as_many_queries_as_few",
    ),
    Mend(
        "cms.W048",
        "an export holds all objects of its list in memory, however many there are",
        ("cms/large_exports.py",),
        "tests/cms/test_large_exports.py::test_objects_are_read_a_few_at_a_time",
    ),
)


@register()
def check_mends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each mend when Wagtail is another than the one that it was made for: see `MENDS`."""
    if wagtail.__version__ == TRIED:
        return []
    return [
        Warning(
            f"{', '.join(mend.files)}: Wagtail {TRIED} needs this, because {mend.fault}. "
            f"Wagtail {wagtail.__version__} is installed.",
            hint=f"Run {mend.test} without it. If that passes, remove it; if not, set cms.wagtail_mends.TRIED.",
            id=mend.number,
        )
        for mend in MENDS
    ]
