"""The ways in which this provider may turn out to differ from its reference."""

from typing import Literal

import msgspec


class Switches(msgspec.Struct, kw_only=True):
    """Every default is what the fact sheet takes to be so.

    ``echo_next``: at the end of a list ``next`` and ``prev`` still hold cursors. ``duplicate_rows``: the next N
    following pages begin with the row the page before ended with. ``touch_between_pages``: after each of the next
    ``touches`` pages that have a next one, its first row or the row under its cursor is updated.
    ``always_extended``: block 3 comes without asking.
    """

    echo_next: bool = False
    opaque_cursors: bool = False
    inclusive_cursors: bool = False
    duplicate_rows: int = 0
    touch_between_pages: Literal["", "first", "cursor"] = ""
    touches: int = 1
    always_extended: bool = False
    create_status: Literal[200, 201] = 200
    update_method: Literal["both", "PATCH", "PUT"] = "both"
    reserved_entries_path: Literal["reserved-entries", "reservedEntries", "reserved-entry-groups"] = "reserved-entries"
    claim_link_path: Literal["claim-link", "claim-links"] = "claim-link"
    claim_link_answer: Literal["{}", "url", "empty"] = "url"
