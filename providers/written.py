"""What is left to say of an entry whose row has been written already."""

from datetime import datetime

import msgspec


class WrittenEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """An entry whose row was written down by whoever read it, as ``text``, and what else has to be known of it."""

    external_id: str
    race_id: str
    text: str
    ticket_type_id: str = ""
    partner_name: str = ""
    partner_group: str = ""
    partner_group_id: str = ""
    partner_other_ids: tuple[tuple[str, str], ...] = ()
    redacted: bool = False
    created_at: datetime | None = None
