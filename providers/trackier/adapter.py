"""What either version does for us, and the values both hand out. Nothing beyond an adapter asks for the version."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from providers.errors import Unsupported
from providers.operations import Done, Verb
from providers.port import Account
from providers.trackier.quirks import Object
from providers.trackier.windows import Mark, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the network is: what naive times and bare amounts mean. ``since``: its first day."""

    zone: tzinfo
    currency: str
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Raw objects of one answer. ``promised``: how many there are in all; ``missed``: how many cannot be reached."""

    found: tuple[object, ...] = ()
    promised: int | None = None
    missed: int = 0
    next: Mark | None = None


class Adapter(ABC):
    """``partner_id``, ``campaign_id``: the names of their ids, most useful first; ``..._ref`` the same elsewhere."""

    partner_id: tuple[str, ...]
    campaign_id: tuple[str, ...]
    partner_ref: tuple[str, ...]
    campaign_ref: tuple[str, ...]

    @abstractmethod
    def check(self) -> Account:
        """The cheapest authenticated read."""

    @abstractmethod
    def place(self) -> Place:
        """Asked for once and remembered."""

    @abstractmethod
    def partners(self) -> Iterator[Batch]: ...

    @abstractmethod
    def campaigns(self, mark: Mark) -> Iterator[Batch]: ...

    @abstractmethod
    def conversions(self, window: Window) -> Iterator[Batch]: ...

    @abstractmethod
    def stats(self, window: Window, partners: Iterable[str]) -> Iterator[Batch]: ...

    def perform(self, verb: Verb, subject: str, values: Mapping[str, object]) -> Done:
        match verb:
            case Verb.CREATE_PARTNER:
                return self.create_partner(values)
            case Verb.EDIT_PARTNER:
                return self.edit_partner(subject, values)
            case Verb.ENSURE_LINK:
                return self.ensure_link(subject, values)
            case Verb.PAUSE_CAMPAIGN:
                return self.set_status(subject, "paused")
            case Verb.RESUME_CAMPAIGN:
                return self.set_status(subject, "active")
        raise Unsupported("That is not established in this version of Trackier's API: do it at Trackier.")

    @abstractmethod
    def create_partner(self, values: Mapping[str, object]) -> Done: ...

    @abstractmethod
    def edit_partner(self, partner: str, values: Mapping[str, object]) -> Done: ...

    @abstractmethod
    def ensure_link(self, campaign: str, values: Mapping[str, object]) -> Done: ...

    @abstractmethod
    def set_status(self, campaign: str, status: str) -> Done: ...


def labelled(batch: Iterable[object], **more: object) -> tuple[object, ...]:
    """The objects with something put in that only we know."""
    return tuple({**each, **more} if isinstance(each, dict) else each for each in batch)


def id_of(found: Object, names: tuple[str, ...]) -> str:
    """An id as text, "" if there is none."""
    given = next((found[name] for name in names if found.get(name) not in (None, "", 0)), "")
    return "" if isinstance(given, bool) or not isinstance(given, str | int) else str(given).strip()
