"""eventrac, API v3, as the portal sees it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import httpx

from providers.cost import Cost
from providers.errors import AccessDenied, BadRecord, NotFound, Unsupported
from providers.eventrac import mapping as words
from providers.eventrac.api import BULK_PATHS, Api
from providers.eventrac.contract import CONTRACT
from providers.eventrac.envelope import status_of
from providers.eventrac.payloads import EventPayload, RacePayload
from providers.eventrac.refusals import refused_or_fault
from providers.eventrac.sending import Sender
from providers.eventrac.walks import RaceWalk, read_event, walk_events
from providers.eventrac.writing import PERSON_NAMES
from providers.http import Http, utc_now
from providers.meter import Meter
from providers.parsing import flag, lenient
from providers.port import (
    Account,
    Cadence,
    Capabilities,
    Change,
    ConnectionField,
    Known,
    Outcome,
    Page,
    Provider,
    Receipt,
    Received,
    Resource,
)
from providers.records import Kind, Record
from providers.turns import pace

USUAL_PACE = 2.0

CAPABILITIES = Capabilities(
    add_entry=True,
    edit_entry=True,
    look_up_entry=True,
    needed_to_add=frozenset({"email"}),
    entry_fields=frozenset(PERSON_NAMES),
    cannot={
        "list_entries": "eventrac cannot list participants: the portal shows the entries it sent there itself, and "
        "eventrac's own count tells how many there are in all.",
        "withdraw_entry": "eventrac cannot withdraw an entry through its API: withdraw it at eventrac by hand; here it "
        "is marked as cancelled.",
        "move_entry": "eventrac cannot move an entry to another race: withdraw it there by hand and add it to the "
        "other race here.",
        "add_team_entry": "eventrac takes only single entries through its API: enter teams at eventrac.",
        "edit_event": "Events, races, questions and products are changed at eventrac; the portal shows what is there.",
        "read_back_contact": "eventrac gives back only name, date of birth and gender of an entry: contact details "
        "are kept here and cannot be compared with what is there.",
        "edit_club": "eventrac has no place for club, nationality and medical notes: they are kept here only.",
    },
)

CONNECTION_FIELDS = (
    ConnectionField(
        name="api_key",
        label="API key",
        secret=True,
        help="From eventrac's organiser support, by e-mail.",
    ),
    ConnectionField(
        name="organiser_id",
        label="Organiser ID",
        pattern="[0-9]+",
        help="A number. eventrac's organiser support tells it together with the key.",
    ),
    ConnectionField(
        name="bulk_path",
        label="Address for adding several entries",
        required=False,
        default="auto",
        choices=(("auto", "Find out"), *((path, path) for path in BULK_PATHS)),
        advanced=True,
        help="eventrac's documentation names two. Leave it on “Find out” unless eventrac tells you otherwise.",
    ),
    ConnectionField(
        name="pace",
        label="Requests a second",
        required=False,
        default="2",
        pattern=r"[0-9]{1,3}(\.[0-9]+)?",
        advanced=True,
        help="The most that is asked of eventrac. It states no limit; 2 is polite. 0 means no limit of ours.",
    ),
)


class Eventrac(Provider):
    key = "eventrac"
    label = "eventrac"
    mark = "ev"
    channel = 2
    default_base_url = "https://www.eventrac.co.uk/api/v3"
    known_hosts = frozenset({"www.eventrac.co.uk"})
    connection_fields = CONNECTION_FIELDS
    resources = (
        Resource(key="events", label="Events", kind=Kind.EVENT, cadence=Cadence.SLOW),
        Resource(key="races", label="Races", kind=Kind.RACE, cadence=Cadence.STEADY),
    )
    capabilities = CAPABILITIES
    contract = CONTRACT

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
        del mapping  # eventrac names its person fields itself
        self.learned = dict(learned or {})
        self._organiser_id = settings.get("organiser_id", "").strip()
        self._clock = clock or utc_now
        self._hint = "" if base_url in {"", self.default_base_url} else f"Usually it is {self.default_base_url}."
        self._http = Http(
            label=self.label,
            base_url=base_url or self.default_base_url,
            headers={"Authorization": credentials.get("api_key", "").strip()},
            hosts_note=self._hint,
            transport=transport,
            clock=self._clock,
            sleep=sleep,
            statuses={400: refused_or_fault, 422: refused_or_fault},
            status_of=status_of,
            pace_per_second=pace(settings.get("pace", ""), USUAL_PACE),
        )
        self._api = Api(self._http, self.learned)
        self._sender = Sender(self._api, bulk_path=settings.get("bulk_path", ""), learned=self.learned)

    def close(self) -> None:
        self._http.close()

    @property
    def cost(self) -> Cost:
        return self._http.cost

    def check(self) -> Account:
        try:
            events = [read_event(raw) for raw in self._api.events(self._organiser_id)]
        except (AccessDenied, NotFound) as error:
            raise self._not_this_organiser(error) from None
        ahead = sum(lenient(flag, event.has_future_races, None) is True for event in events)
        return Account(
            name=f"Organiser {self._organiser_id}",
            facts=(
                ("Organiser ID", self._organiser_id),
                ("Events", str(len(events))),
                ("Events with races to come", str(ahead)),
            ),
            warnings=() if events else ("eventrac shows no events for this organiser yet.",),
        )

    def _not_this_organiser(self, error: AccessDenied | NotFound) -> AccessDenied:
        """A 403 may be the ID or the rights of the key. At an address of somebody's own, a 404 may be the address."""
        if isinstance(error, AccessDenied):
            sentence = (
                f"eventrac accepts the key, but does not let it see organiser {self._organiser_id}: that is another's, "
                "or the key was not given it. Compare the organiser ID with what eventrac wrote you. If the ID is "
                "yours, ask eventrac's organiser support to allow it for this key."
            )
        else:
            address = f" Or the base URL is: {self._hint.lower()}" if self._hint else ""
            sentence = (
                f"The key works, but eventrac has no organiser {self._organiser_id}: the organiser ID is wrong. "
                f"eventrac's organiser support can tell you yours.{address}"
            )
        return AccessDenied(sentence, **error.call)

    def pull(self, resource: str, cursor: str = "", *, full: bool = False, known: Known) -> Iterator[Page]:
        meter = Meter(self._http)
        if resource == "events":
            return walk_events(self._api, meter, organiser_id=self._organiser_id, cursor=cursor, full=full, known=known)
        if resource == "races":
            return RaceWalk(
                self._api,
                meter,
                organiser_id=self._organiser_id,
                cursor=cursor,
                full=full,
                known=known,
                clock=self._clock,
            ).pages()
        raise Unsupported(f"eventrac has no listing called {resource}.")

    def decode(self, item: Received) -> tuple[Record, ...]:
        if item.kind is Kind.EVENT:
            return (words.event(words.read(item.payload, EventPayload)),)
        if item.kind is Kind.RACE:
            sent = words.read(item.payload, RacePayload)
            race, event = words.race(sent), words.event_of(sent)
            entry = words.standard_entry(race)
            return (race, entry, event) if event is not None else (race, entry)
        raise BadRecord(f"eventrac sends no {item.kind}")

    def push(self, change: Change) -> Receipt:
        return self._sender.send(change)

    def push_many(self, changes: Sequence[Change]) -> list[Outcome]:
        return self._sender.send_many(changes)

    def look_up(self, reference: str) -> Receipt | None:
        return self._sender.look_up(reference)
