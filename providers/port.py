"""The whole promise between the portal and a remote provider.

A provider is a class in a folder of its own. It declares what it is (`key`, `label`, the fields its
connection form needs, what it can do) and then does three things: hands out pages of what it holds,
takes one change at a time, and reads one back. It knows nothing of our tables, nor the portal of its words.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec

from providers.commonplaces import Places
from providers.contract import Contract
from providers.cost import Cost
from providers.decoded import Decoded
from providers.errors import ProviderError, Unsupported
from providers.operations import Done, Operations, Verb
from providers.pages import KnownPage, PageMemory
from providers.records import NOBODY, Answer, Kind, OrderLine, Person, PersonQuestion, Record

if TYPE_CHECKING:  # so that what only names a Page does not depend on a wire
    import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionField:
    """One value that a connection needs. Forms, masking and the ``connect`` command are built from these.

    ``secret`` values are encrypted and write-only. ``choices`` are (value, label) pairs. ``advanced``
    fields have a working default and are folded away.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    advanced: bool = False
    pattern: str = ""


class Cadence(StrEnum):
    """How often a resource is worth asking for; the schedule turns this into intervals."""

    FAST = "fast"  # entries, applications: as often as the race day asks
    STEADY = "steady"  # races, with their counts and stock
    SLOW = "slow"  # events, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One listing that is walked by itself, with a cursor of its own. Order of declaration = order of a cycle.

    ``full_every_hours``: after so long an incremental listing is walked whole, to see what is gone; None: every walk is
    whole anyway. ``of_each``: asked for once for each record of this kind that is held, so due as soon as one more is.
    ``looks_twice``: a walk may miss a row unawares, as its pages move or a part comes empty: it looks for it once more.
    """

    key: str
    label: str
    kind: Kind
    cadence: Cadence
    full_every_hours: int | None = None
    of_each: Kind | None = None
    looks_twice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the portal may offer at this provider, and a sentence for each thing it may not.

    ``cannot`` is keyed by verb ("edit_entry", "add_entry", "withdraw_entry", "list_entries", ...) and says why, and
    what the portal does instead, in one sentence for the organiser. ``needed_to_add``: the ``Person`` fields without
    which it takes no entry. ``entry_fields``: the ``Person`` fields it has a place for; the others stay with us.
    """

    add_entry: bool = False
    edit_entry: bool = False
    look_up_entry: bool = False
    lists_entries: bool = False
    maps_person_fields: bool = False
    needed_to_add: frozenset[str] = frozenset()
    entry_fields: frozenset[str] = frozenset(Person.__struct_fields__)
    cannot: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a working key turned out to be. ``facts`` are (label, value) pairs for display."""

    name: str
    facts: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


class Received(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One remote object, not yet read. Equal fingerprints mean that nothing worth reading has changed."""

    kind: Kind
    external_id: str
    fingerprint: bytes
    payload: bytes  # the JSON as stored, with secrets already cut out


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One remote object that could not even be told apart (no id, not an object)."""

    kind: Kind
    external_id: str
    reason: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A batch, safe to apply twice.

    ``cursor``: stored with the page; where the next call of ``pull`` may go on. Opaque to everyone else. ``last``: the
    walk ended properly here. ``complete``: all that the listing holds was named, so what was not is gone; only ever
    true together with ``last``, None where no walk could tell. ``resumed``: it went on in the middle of a whole walk;
    ``complete`` is then for whoever knows what was named before. ``gone``: ids that are denied now. ``promised``: how
    many the remote said there are in the whole walk. ``short``: it saw fewer. ``known``: rows `pages` knew again.
    """

    items: tuple[Received, ...] = ()
    known: tuple[KnownPage, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    cursor: str = ""
    last: bool = False
    resumed: bool = False
    complete: bool | None = False
    short: bool = False
    gone: tuple[tuple[Kind, str], ...] = ()
    promised: int | None = None
    requests: int = 0  # what it cost, with the bytes
    bytes: int = 0


class Action(StrEnum):
    ADD_ENTRY = "add_entry"
    EDIT_ENTRY = "edit_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry to be written. ``reference`` is the portal's own, globally unique, never reused.

    ``fields``: for an edit, the names that changed (of ``Person``, "answers", "orders", "affiliations"); the others
    are not sent. ``answers`` hold the option's id as value where the question is a select.
    """

    action: Action
    reference: str
    race_id: str
    external_id: str = ""
    person: Person = NOBODY
    answers: tuple[Answer, ...] = ()
    orders: tuple[OrderLine, ...] = ()
    affiliations: tuple[tuple[str, str], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the provider holds under a reference. ``person`` has only what it lets one read back."""

    reference: str
    external_id: str
    race_id: str = ""
    person: Person | None = None
    payload: bytes = b""
    warning: str = ""


type Decode = Callable[[Received], Decoded]
type Outcome = Receipt | ProviderError
type Known = Callable[[Kind], Iterable[str]]  # external ids the portal already holds of a kind


class Provider(ABC):
    """Subclass this, register it, and every page of the portal knows what to do with it.

    ``settings`` are the plain connection fields, ``credentials`` the secret ones. ``learned`` starts as what an
    earlier instance learned (a path that works, an envelope); saved by the caller at the end, by ``keep`` at once.
    ``mapping`` is the confirmed person-field mapping: question key → name of a ``Person`` field.
    ``contract`` says per kind what a payload looks like; what differs is shown to people, and taken all the same.
    ``pages`` remembers the last whole walk of the listing that is pulled; whoever never asks it reads every row.
    ``impersonal`` says where in it nothing is about a person; what records have in common there is stored once.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    mark: ClassVar[str]  # two letters
    channel: ClassVar[int]  # colour 1 to 8
    default_base_url: ClassVar[str]
    known_hosts: ClassVar[frozenset[str]]
    connection_fields: ClassVar[tuple[ConnectionField, ...]]
    resources: ClassVar[tuple[Resource, ...]]
    capabilities: ClassVar[Capabilities]
    operations: ClassVar[Operations] = {}
    contract: ClassVar[Contract] = {}
    impersonal: ClassVar[Mapping[Kind, Places]] = {}

    def __init__(
        self,
        *,
        settings: Mapping[str, str],
        credentials: Mapping[str, str],
        base_url: str = "",
        learned: Mapping[str, str] | None = None,
        mapping: Mapping[str, str] | None = None,
        transport: "httpx.BaseTransport | None" = None,
        clock: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None: ...

    learned: dict[str, str]
    keep: Callable[[], None] = staticmethod(lambda: None)
    pages: PageMemory | None = None

    @classmethod
    def operations_at(cls, settings: Mapping[str, str]) -> Operations:
        """The operations that a connection with these settings can do."""
        del settings  # the same for all, unless a provider knows better
        return cls.operations

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the wire."""

    @property
    @abstractmethod
    def cost(self) -> Cost:
        """Of everything so far, also of what no page tells: a call that failed, or that ended a session."""

    @abstractmethod
    def check(self) -> Account:
        """The cheapest authenticated read. Raises what is wrong."""

    @abstractmethod
    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        """Walk one listing. With a cursor, only what may have changed since; with ``full``, everything."""

    def look_again(self, resource: str, ids: Collection[str], *, known: Known) -> Iterator[Page]:
        """Walk a listing that ``looks_twice`` once more, for the sake of these ids; what else comes is not wanted."""
        return self.pull(resource, full=True, known=known)

    @abstractmethod
    def decode(self, item: Received) -> tuple[Record, ...]:
        """Read one object: the record itself first, then stubs of what it points at. Raises BadRecord. No I/O."""

    def decoder(self) -> "Decode | None":
        """`decode` by itself, picklable, without key or wire, for another process to read by; None: there is none."""
        return None

    def push(self, change: Change) -> Receipt:
        """Send one change. Raises Refused, OutcomeUnknown, ..."""
        raise Unsupported(f"{self.label} takes no entries through its API.")

    def push_many(self, changes: Sequence[Change]) -> list[Outcome]:
        """Send several; one outcome each, in the order given. Raises only when nothing was sent."""
        return [self._outcome(change) for change in changes]

    def _outcome(self, change: Change) -> Outcome:
        try:
            return self.push(change)
        except ProviderError as error:
            return error

    def look_up(self, reference: str) -> Receipt | None:
        """Read an entry back by the portal's reference; None if it is not there."""
        raise Unsupported(f"{self.label} cannot be asked for one entry by reference.")

    def perform(self, verb: Verb, *, subject: str = "", values: Mapping[str, object]) -> Done:
        """Carry out one declared operation. ``values`` by field name, plain JSON. Raises Refused (keyed by field
        name), OutcomeUnknown, ...; never retried by itself unless the operation is ``repeatable``."""
        raise Unsupported(f"{self.label} cannot do that through its API.")

    def person_questions(self, payloads: Iterable[bytes]) -> list[PersonQuestion]:
        """The questions found in stored entry payloads that could hold a person field. No I/O."""
        return []

    def propose_mapping(self, questions: Sequence[PersonQuestion]) -> dict[str, str]:
        """Question key → person field, by name. No I/O."""
        return {}
