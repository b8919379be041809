"""Wagtail's tests of v2 that do not pass here, by the reason, in the words in which `docs/api.md` has it."""

DIFFERENCES = {
    "`find/` answers at once, with 200 and the page, image or document, where v2 redirects": {
        "TestDocumentFind.test_find_by_id",
        "TestImageFind.test_find_by_id",
        "TestPageFind.test_find_by_html_path",
        "TestPageFind.test_find_by_html_path_takes_precedence_over_id",
        "TestPageFind.test_find_by_html_path_with_fields",
        "TestPageFind.test_find_by_html_path_with_page_in_default_site",
        "TestPageFind.test_find_by_html_path_with_start_and_end_slashes_removed",
        "TestPageFind.test_find_by_id",
        "TestRedirectsAPI.test_redirect",
        "TestPageFind.test_find_by_id_with_page_in_default_site",
        "TestPageFind.test_find_by_id_with_page_in_non_default_site",
    },
    "`redirects/` shows the redirects of one site and those of all sites, where v2 shows those of every site": {
        "TestRedirectsAPI.test_redirects_listing",
    },
    "`find/` with `site` finds the pages of that site": {
        "TestPageFind.test_find_by_html_path_matching_only_in_site_param_tree",
    },
    "`meta` comes last in an object, and `type` after `title`; `meta` has more keys": {
        "TestPageDetail.test_field_ordering",
        "TestPageDetail.test_remove_all_meta_fields",
        "TestPageListing.test_fields_ordering",
    },
    "rich text is display HTML or Markdown; `db_html`, which names private pages, is refused": {
        "TestPageDetail.test_rich_text_format_defaults_to_db_html",
        "TestPageDetail.test_rich_text_format_query_parameter_overrides_setting",
    },
    "a chooser in a block is an object, and never a bare id": {
        "TestPageDetailWithStreamField.test_image_block",
    },
    "an unknown parameter is refused on every endpoint, also where one object is shown": {
        "TestPageDetailWithStreamField.test_image_chooser_block_with_custom_get_api_representation",
    },
    "`fields` takes what any of the types has, and `parent` in listings, too": {
        "TestPageListing.test_fields_without_type_gives_error",
        "TestPageListing.test_parent_field_gives_error",
    },
    "a page behind a login or for a group is private: nobody is logged in here": {
        "TestPageListing.test_private_pages_with_user_groups",
        "TestPageListing.test_private_pages_with_user_login",
    },
    "a search can be combined with every filter and order": {
        "TestDocumentListingSearch.test_search_when_filtering_by_tag_gives_error",
        "TestImageListingSearch.test_search_when_filtering_by_tag_gives_error",
        "TestPageListingSearch.test_search_when_filtering_by_tag_gives_error",
        "TestPageListingSearch.test_search_with_filter_on_non_filterable_field",
        "TestPageListingSearch.test_search_with_order_on_non_filterable_field",
    },
    "without a site there are no addresses, and a request says so with 400": {
        "TestPageListing.test_issue_3967",
    },
    "a page takes fewer queries": {
        "TestAPIDetailQueryCount.test_detail_view_does_not_duplicate_queries",
    },
    "an endpoint is a `CollectionViewSet`, and no subclass of v2's viewsets": {
        "TestPageListing.test_issue_10411",
    },
}
