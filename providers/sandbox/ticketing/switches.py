"""The ways in which this provider may turn out to differ from its reference."""

from typing import Literal

import msgspec


class Switches(msgspec.Struct, kw_only=True):
    """Every default is what the fact sheet takes to be so.

    ``session_gone``: what a dead key gets at /sessions/active. ``keyless_session``: a session may be started without a
    key. ``error_key``: "reference" follows the reference page, where some errors say ``message`` and others ``error``.
    ``section_uris``: "reference" is short inside events and whole elsewhere. ``empty_page``: an empty list is 404 when
    a page was asked for ("explicit"), always, or never. ``numbers_as_strings``: in the envelope of a list.
    ``empty_as_list``: an absent object is ``[]``. ``unused``: what an unused ticket says of its redemption.
    ``oldest_client``: versions below are told to upgrade. ``brief_people``: holders without contact details.
    ``media``: where pictures are said to lie.
    """

    session_gone: Literal[401, 403] = 401
    keyless_session: bool = False
    error_key: Literal["reference", "error", "message"] = "reference"
    section_uris: Literal["reference", "full", "relative"] = "reference"
    empty_page: Literal["explicit", "always", "never"] = "explicit"
    numbers_as_strings: bool = False
    empty_as_list: bool = False
    unused: Literal["N/A", "0000-00-00T00:00:00", ""] = "N/A"
    oldest_client: str = "3.0.0"
    delete_status: Literal[200, 204] = 200
    brief_people: bool = False
    media: str = "https://qa.ticketingevents.com/media"
