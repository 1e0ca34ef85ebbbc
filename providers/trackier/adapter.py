"""What either version does for us, and the values both hand out. Nothing beyond an adapter asks for the version."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from providers.operations import Done, Operations, Verb
from providers.parsing import text
from providers.port import Account, Received
from providers.records import Kind
from providers.trackier.quirks import Object
from providers.trackier.redaction import writer
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


type Values = Mapping[str, object]
type Doer = Callable[[str, Values], Done]


class Adapter(ABC):
    """``partner_id``, ``campaign_id``: the names of their ids, most useful first; ``..._ref`` the same elsewhere.

    ``operations``: what is established in this version of the API.
    """

    version: str
    operations: Operations
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
    def campaigns(self, mark: Mark, only: Collection[str] | None = None) -> Iterator[Batch]:
        """``only``: of any other, nothing is asked beyond its place in the list."""

    @abstractmethod
    def conversions(self, window: Window) -> Iterator[Batch]: ...

    @abstractmethod
    def stats(self, window: Window, partners: Iterable[str]) -> Iterator[Batch]: ...

    @abstractmethod
    def doers(self) -> Mapping[Verb, Doer]:
        """Who carries out which operation, given what it is done to and the checked values."""

    def perform(self, verb: Verb, subject: str, values: Values) -> Done:
        return self.doers()[verb](subject, values)


def labelled(batch: Iterable[object], **more: object) -> tuple[object, ...]:
    """The objects with something put in that only we know."""
    return tuple({**each, **more} if isinstance(each, dict) else each for each in batch)


def id_of(found: Object, names: tuple[str, ...]) -> str:
    """An id as text, "" if there is none."""
    given = next((found[name] for name in names if found.get(name) not in (None, "", 0)), "")
    return "" if isinstance(given, bool) or not isinstance(given, str | int) else text(given)


def read_again(kind: Kind, external_id: str, found: Object) -> tuple[Received, ...]:
    """What an operation hands back of the thing it changed; nothing for what could not be read."""
    if not found or not external_id:
        return ()
    return (Received(kind=kind, external_id=external_id, fingerprint=b"", payload=writer.encode(found)),)
