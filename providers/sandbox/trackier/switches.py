"""The ways in which Trackier's documents contradict themselves, or real life may differ from them."""

from typing import Literal

import msgspec


class Switches(msgspec.Struct, kw_only=True):
    """``prefix``: where v1 answers. ``retired``: v1 is gone. ``allow_list``: off, everybody is turned away (code 41).
    ``denied``: a path that this key may not use (code 5). ``error_form``: where an error is told; ``error_status``: as
    HTTP says, or 200. ``ignore_page``: logs and lists give page 1 for ever. ``ignore_query``: the log forgets its
    filters and does not say them back. ``records``: of the log. ``page_limit``: most rows of a log page.
    ``daily_report``: the custom report knows days. ``required_field``: an affiliate needs a custom field.
    """

    prefix: Literal["both", "api", "bare"] = "both"
    retired: bool = False
    v2: bool = True
    allow_list: bool = True
    locked: bool = False
    upgrading: bool = False
    limited: bool = False
    denied: str = ""
    error_form: Literal["error", "errors", "nested", "root"] = "error"
    error_status: Literal["http", "200"] = "http"
    ignore_page: bool = False
    ignore_query: bool = False
    records: Literal["map", "list"] = "map"
    page_limit: int = 500
    daily_report: bool = True
    numbers_as_text: bool = False
    required_field: bool = False
    affiliates_per_page: int = 0
    zone: str = "Europe/Paris"
    v2_conversions: Literal["", "/reports/conversions", "/conversions"] = "/reports/conversions"
