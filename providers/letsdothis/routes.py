"""Every path of the API, in one table: most are inferred, so a correction has to be a change of data.

The connection setting ``routes`` overrides rows: ``tickets=/events/{id}/ticket-types, participant=/entrants/{id}``.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

ROUTES: Mapping[str, str] = {
    "applications": "/applications",
    "application": "/applications/{id}",
    "event_applications": "/events/{id}/applications",
    "participants": "/participants",
    "participant": "/participants/{id}",
    "race_participants": "/races/{id}/participants",
    "tickets": "/events/{id}/tickets",
    "partners": "/partners",
    "partner": "/partners/{id}",
    "claim_link": "/partners/{id}/claim-link",
    "event_groups": "/events/{id}/reserved-entries",
    "group": "/reserved-entries/{id}",
}
_OVERRIDE = re.compile(r"\s*([a-z_]+)\s*=\s*(/[A-Za-z0-9_\-/.{}]*)\s*")


class Routes:
    """The table with this connection's own spellings on top. Raises ValueError for an override that cannot work."""

    def __init__(self, overrides: str = "") -> None:
        self._table = dict(ROUTES) | dict(_override(part) for part in re.split(r"[,\n]", overrides) if part.strip())

    def path(self, name: str, remote_id: str = "") -> str:
        """The path of one route. ``remote_id`` is opaque: whatever it holds, it stays one segment."""
        return self._table[name].replace("{id}", _segment(remote_id))

    def template(self, name: str) -> str:
        """The path for the log, without the id."""
        return self._table[name]


def _override(text: str) -> tuple[str, str]:
    match = _OVERRIDE.fullmatch(text)
    if match is None or match[1] not in ROUTES:
        raise ValueError(f"a route is written name=/path; the names are {', '.join(ROUTES)}")
    if match[2].count("{id}") != ROUTES[match[1]].count("{id}"):
        raise ValueError(f"the route {match[1]} needs {{id}} in its path exactly where an id belongs")
    return match[1], match[2]


def _segment(remote_id: str) -> str:
    quoted = quote(remote_id, safe="")
    return quoted.replace(".", "%2E") if set(remote_id) <= {"."} else quoted
