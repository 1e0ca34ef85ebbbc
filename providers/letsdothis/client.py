"""The Let's Do This client: addresses, parameters, authentication, and the order of a cycle."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ClassVar

import httpx

from providers.commonplaces import Places
from providers.contract import Contract
from providers.cost import Cost
from providers.errors import AccessDenied, BadRecord, NotFound, ProviderError, Unsupported
from providers.http import Http, utc_now
from providers.letsdothis import account, reading
from providers.letsdothis.by_event import walk_by_event
from providers.letsdothis.contract import CONTRACT
from providers.letsdothis.cursor import Cursor, begin
from providers.letsdothis.desk import Desk
from providers.letsdothis.faults import statuses
from providers.letsdothis.folded import Worded, filled_form
from providers.letsdothis.impersonal import IMPERSONAL
from providers.letsdothis.offered import OPERATIONS
from providers.letsdothis.options import CONNECTION_FIELDS, read_options
from providers.letsdothis.payloads import Know, Listing, read_listing, read_row, read_single
from providers.letsdothis.people import Ways, person_questions, propose
from providers.letsdothis.places import NOT_STATED, race_parts
from providers.letsdothis.promises import CAPABILITIES, LABEL, RESOURCES
from providers.letsdothis.shapes import WithForm, read
from providers.letsdothis.walk import Walk
from providers.operations import Done, Operations, Verb
from providers.pages import PageMemory
from providers.port import (
    Account,
    Capabilities,
    ConnectionField,
    Decode,
    Known,
    Page,
    Provider,
    Received,
    Rejected,
    Resource,
)
from providers.records import Kind, PersonQuestion, Record

# Resource key → the route that lists it.
WALKED: Mapping[str, str] = {"partners": "partners", "applications": "applications", "entries": "participants"}
# Resource key → the route that lists it for one event.
BY_EVENT: Mapping[str, str] = {"tickets": "tickets", "reserved_groups": "event_groups"}
WITHOUT_METADATA = frozenset({"partners", "partner", "group"})


class LetsDoThis(Provider):
    """One connection is one key is one organiser. The constructor raises Refused for a wrong setting."""

    key: ClassVar[str] = "letsdothis"
    label: ClassVar[str] = LABEL
    mark: ClassVar[str] = "LD"
    channel: ClassVar[int] = 1
    default_base_url: ClassVar[str] = "https://api.letsdothis.com/v0"
    known_hosts: ClassVar[frozenset[str]] = frozenset({"api.letsdothis.com"})
    connection_fields: ClassVar[tuple[ConnectionField, ...]] = CONNECTION_FIELDS
    resources: ClassVar[tuple[Resource, ...]] = RESOURCES
    capabilities: ClassVar[Capabilities] = CAPABILITIES
    operations: ClassVar[Operations] = OPERATIONS
    contract: ClassVar[Contract] = CONTRACT
    impersonal: ClassVar[Mapping[Kind, Places]] = IMPERSONAL

    def __init__(
        self,
        *,
        settings: Mapping[str, str],
        credentials: Mapping[str, str],
        base_url: str = "",
        learned: Mapping[str, str] | None = None,
        mapping: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.learned = dict(learned or {})
        self.mapping = dict(mapping or {})
        self._options = read_options(settings)
        ways = Ways(mapping=self.mapping, day_first=self._options.day_first)
        self._decode = partial(reading.decode, ways=ways, price_unit=self._options.price_unit)
        self._api_key = credentials.get("api_key", "").strip()
        self._clock = clock or utc_now
        self._counted = Cost()
        self._http = Http(
            label=LABEL,
            base_url=base_url or self.default_base_url,
            headers={"Authorization": f"Bearer {self._api_key}"},
            transport=transport,
            clock=clock,
            sleep=sleep,
            statuses=statuses(self._api_key),
            pace_per_second=self._options.pace,
        )
        self._desk = Desk(http=self._http, options=self._options, learned=self.learned, sleep=sleep or time.sleep)

    def close(self) -> None:
        self._http.close()

    @property
    def cost(self) -> Cost:
        return self._http.cost

    def check(self) -> Account:
        """A one-row list of participants, and a look at each event that was added by hand.

        Raises what is wrong, and what can be done about it.
        """
        try:
            listing = self._list("participants", params=self._always("participants") | {"page[size]": "1"})
        except ProviderError as error:
            raise account.explained(error, self._api_key, self._clock(), usual=self.default_base_url) from None
        found = account.describe(self._api_key, listing, self._clock())
        strange = [event_id for event_id in self._options.event_ids if self._if_ours("tickets", event_id) is None]
        return replace(found, warnings=(*found.warnings, *map(account.strange_event, strange)))

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        if resource in BY_EVENT:
            return self._by_event(resource, cursor, known)
        if resource not in WALKED:
            raise Unsupported(f"{LABEL} has no listing called {resource}.")
        return self._walk(WALKED[resource], _kind(resource), begin(cursor, full=full), memory=self.pages)

    def decode(self, item: Received) -> tuple[Record, ...]:
        return self._decode(item).records

    def decoder(self) -> Decode:
        return self._decode

    def perform(self, verb: Verb, *, subject: str = "", values: Mapping[str, object]) -> Done:
        if verb not in self.operations:
            return super().perform(verb, subject=subject, values=values)
        return self._desk.perform(verb, subject, values)

    def person_questions(self, payloads: Iterable[bytes]) -> list[PersonQuestion]:
        return person_questions(map(_questions, payloads))

    def propose_mapping(self, questions: Sequence[PersonQuestion]) -> dict[str, str]:
        return propose(questions)

    def application(self, remote_id: str) -> Received:
        """One application. Raises NotFound."""
        return self._single("application", remote_id, Kind.APPLICATION)

    def participant(self, remote_id: str) -> Received:
        """One participant. Raises NotFound."""
        return self._single("participant", remote_id, Kind.ENTRY)

    def applications_of_event(self, event_id: str) -> Iterator[Page]:
        """All applications of one event. What these pages do not name is not gone."""
        pages = self._walk("event_applications", Kind.APPLICATION, begin("", full=True), event_id)
        return (replace(page, complete=False, cursor="") for page in pages)

    def participants_of_race(self, race_external_id: str) -> Iterator[Page]:
        """All participants of one race of ours, which is one edition of a race of theirs."""
        race_id, occurrence = race_parts(race_external_id)
        narrowed = {"eventOccurrenceId": occurrence} if occurrence else {}
        pages = self._walk("race_participants", Kind.ENTRY, begin("", full=True), race_id, narrowed)
        return (replace(page, complete=False, cursor="") for page in pages)

    def partner(self, remote_id: str, *, id_kind: str = "") -> Received:
        """One partner: by its own id, or by the one it has elsewhere (``id_kind``: enthuse, ...). Raises NotFound."""
        return self._single("partner", remote_id, Kind.PARTNER, {"externalId": id_kind} if id_kind else {})

    def search_partners(self, name: str) -> Iterator[Page]:
        """The partners whose name has this in it, in any case. What these pages do not name is not gone."""
        pages = self._walk("partners", Kind.PARTNER, begin("", full=True), narrowed={"search": name} if name else {})
        return (replace(page, complete=False, cursor="") for page in pages)

    def group(self, remote_id: str) -> Received:
        """One reserved-entry group. Raises NotFound."""
        return self._single("group", remote_id, Kind.RESERVED_GROUP)

    def groups_of_event(self, event_id: str) -> Page:
        """All reserved-entry groups of one event, in one answer. Raises NotFound."""
        return self._of_event("reserved_groups", event_id)

    def tickets_of_event(self, event_id: str) -> Page:
        """All tickets of one event, in one answer. Raises NotFound."""
        return self._of_event("tickets", event_id)

    def _of_event(self, resource: str, event_id: str) -> Page:
        listing = self._list(BY_EVENT[resource], event_id)
        rows = [read_row(_kind(resource), raw, add=[("eventId", event_id)]) for raw in listing.rows]
        items = {row.name: row.item for row in rows if isinstance(row.item, Received)}
        return Page(
            items=tuple(items.values()),
            rejected=tuple(row.item for row in rows if isinstance(row.item, Rejected)),
            requests=listing.requests,
            bytes=listing.bytes,
        )

    def _by_event(self, resource: str, cursor: str, known: Known) -> Iterator[Page]:
        event_ids = sorted({*known(Kind.EVENT), *self._options.event_ids} - {NOT_STATED})
        return walk_by_event(event_ids, partial(self._if_ours, resource), cursor, self._nothing)

    def _if_ours(self, resource: str, event_id: str) -> Page | None:
        try:
            return self._of_event(resource, event_id)
        except (NotFound, AccessDenied):
            return None

    def _nothing(self) -> Page:
        spent = self._spent()
        return Page(requests=spent.requests, bytes=spent.bytes)

    def _walk(
        self,
        route: str,
        kind: Kind,
        start: Cursor,
        remote_id: str = "",
        narrowed: dict[str, str] | None = None,
        memory: PageMemory | None = None,
    ) -> Iterator[Page]:
        def fetch(begun: Cursor, after: str, know: Know) -> Listing:
            params = {"updatedAt[after]": begun.after(self._options.overlap), "page[after]": after}
            given = {name: value for name, value in params.items() if value}
            return self._list(route, remote_id, self._always(route) | given | (narrowed or {}), know)

        return Walk(fetch, kind, start, overlap=self._options.overlap, memory=memory).pages()

    def _always(self, route: str) -> dict[str, str]:
        """What every page of a walk is asked with. Descending order could hide rows that change meanwhile."""
        paged = {"sort[updatedAt]": "1", "page[size]": str(self._options.page_size)}
        return paged | _metadata(route)

    def _list(
        self, route: str, remote_id: str = "", params: Mapping[str, str] | None = None, know: Know | None = None
    ) -> Listing:
        routes = self._options.routes
        reply = self._http.get(routes.path(route, remote_id), params, template=routes.template(route), unread=True)
        spent = self._spent()
        return read_listing(reply, know=know, requests=spent.requests, size=spent.bytes)

    def _single(self, route: str, remote_id: str, kind: Kind, params: Mapping[str, str] | None = None) -> Received:
        routes = self._options.routes
        asked = _metadata(route) | dict(params or {})
        reply = self._http.get(routes.path(route, remote_id), asked, template=routes.template(route))
        row = read_row(kind, read_single(reply))
        if isinstance(row.item, Rejected):
            raise reply.unreadable(row.item.reason)
        return row.item

    def _spent(self) -> Cost:
        """Since the last time this was asked."""
        before, self._counted = self._counted, self.cost
        return self._counted.since(before)


def _kind(resource: str) -> Kind:
    return next(found.kind for found in LetsDoThis.resources if found.key == resource)


def _metadata(route: str) -> dict[str, str]:
    return {} if route in WITHOUT_METADATA else {"extendMetadata": "true"}


def _questions(payload: bytes) -> tuple[Worded, ...]:
    try:
        return filled_form(read(payload, WithForm).fields).questions
    except BadRecord:
        return ()
