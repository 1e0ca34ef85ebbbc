"""An organiser's account: the key, and everything that can be seen with it."""

import base64

import msgspec

from providers.sandbox.letsdothis.listing import Listing
from providers.sandbox.letsdothis.objects import APPLICATION, PARTICIPANT, Body, Event, Group, Race, Row


def token(organiser_id: str, *, issued: int = 1_764_547_200) -> str:
    """A key that looks like the real ones: a JWT whose claims anyone can read. The signature is made up."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    header = msgspec.json.encode({"alg": "HS256", "typ": "JWT"})
    claims = msgspec.json.encode({"organiserId": organiser_id, "scope": "organiser", "iat": issued})
    signature = (organiser_id.encode() * 32)[:32]
    return f"{part(header)}.{part(claims)}.{part(signature)}"


class Account:
    """One organiser. ``outbox``: the mails that claim links have sent."""

    def __init__(self, organiser_id: str, name: str) -> None:
        self.organiser_id = organiser_id
        self.name = name
        self.token = token(organiser_id)
        self.listings: dict[str, Listing] = {PARTICIPANT: Listing(), APPLICATION: Listing()}
        self.partners = Listing()
        self.events: dict[str, list[Event]] = {}
        self.groups: dict[str, Group] = {}
        self.outbox: list[Body] = []

    @property
    def participants(self) -> Listing:
        return self.listings[PARTICIPANT]

    @property
    def applications(self) -> Listing:
        return self.listings[APPLICATION]

    def races(self) -> list[Race]:
        return [race for editions in self.events.values() for event in editions for race in event.races]

    def race(self, race_id: str = "") -> Race:
        """By id, in its newest edition; without one, the first. Raises KeyError."""
        found = [race for race in self.races() if race_id in ("", race.id)]
        if not found:
            raise KeyError(f"no race {race_id}")
        return found[-1] if race_id else found[0]

    def find(self, row_id: str) -> tuple[Listing, Row]:
        """A participant or an application. Raises KeyError."""
        for listing in self.listings.values():
            if row := listing.get(row_id):
                return listing, row
        raise KeyError(f"no participant or application {row_id}")
