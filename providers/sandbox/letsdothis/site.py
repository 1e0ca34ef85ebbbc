"""The pretended Let's Do This: who is asking, for what, and the answer."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from providers.sandbox.clock import Clock, milliseconds
from providers.sandbox.letsdothis.accounts import Account, token
from providers.sandbox.letsdothis.bodies import BLOCK_3, written_out
from providers.sandbox.letsdothis.changes import Changes, event_id_of, occurrence_of, race_id_of
from providers.sandbox.letsdothis.desk import Desk
from providers.sandbox.letsdothis.listing import Listing
from providers.sandbox.letsdothis.objects import APPLICATION, PARTICIPANT, Body, Race, Row
from providers.sandbox.letsdothis.paging import Window, window
from providers.sandbox.letsdothis.queries import Refusal, parameters, wants_extended
from providers.sandbox.letsdothis.seed import fill
from providers.sandbox.letsdothis.switches import Switches
from providers.sandbox.messages import Reply, Request, json_reply

_JSON = "application/json; charset=utf-8"
DEMO_ORGANISER = "20417"
_COLLECTIONS = {"participants": PARTICIPANT, "applications": APPLICATION}

type Accepts = Callable[[Row], bool] | None


class LetsDoThisSite(Changes):
    key = "letsdothis"
    prefix = "/letsdothis/v0"
    live_base_url = "https://api.letsdothis.com/v0"
    demo_key = token(DEMO_ORGANISER)
    demo_settings: ClassVar[Mapping[str, str]] = {}

    def __init__(self, clock: Clock, *, seed: int, size: str) -> None:
        super().__init__(clock)
        self.seed = seed
        self.switches: Switches = Switches()
        self.organiser = Account(DEMO_ORGANISER, "Fellgate Events")
        self.stranger = Account("31008", "Rival Races")
        self.accounts = {account.token: account for account in (self.organiser, self.stranger)}
        self.people = 1
        if size != "empty":
            fill(self.organiser, seed=seed, size=size, now=clock())
            self.people = len(self.organiser.participants) * 9 // 10
            self._fill_stranger()

    def _fill_stranger(self) -> None:
        race = self.add_race(event="Rival Races 10K", name="Rival 10K", account=self.stranger)
        for _ in range(3):
            self.add_participant(race, account=self.stranger)

    def counts(self) -> dict[str, int]:
        return {
            "participants": len(self.organiser.participants),
            "applications": len(self.organiser.applications),
            "partners": len(self.organiser.partners),
            "groups": len(self.organiser.groups),
        }

    def answer(self, request: Request) -> Reply:
        try:
            account = self._account(request)
            for listing in account.listings.values():
                listing.release(milliseconds(self.clock()))
            return self._routed(account, request)
        except Refusal as refusal:
            return refusal.reply()

    def _account(self, request: Request) -> Account:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        account = self.accounts.get(key.strip())
        if scheme.lower() != "bearer" or account is None or key.strip() in self.revoked:
            raise Refusal(401, "Unauthorized")
        return account

    def _routed(self, account: Account, request: Request) -> Reply:
        asked = parameters(request)
        match (request.method, *request.segments):
            case ("GET", ("participants" | "applications") as name):
                return self._list(account, _COLLECTIONS[name], asked)
            case ("GET", ("participants" | "applications") as name, id):
                return self._one(account, _COLLECTIONS[name], id, asked)
            case ("GET", "races", id, "participants"):
                return self._of_race(account, id, asked)
            case ("GET", "events", id, "applications"):
                self._known_event(account, id)
                return self._list(account, APPLICATION, asked, lambda row: event_id_of(row) == id, ("event", id))
            case ("GET", "events", id, "tickets"):
                return self._tickets(account, id)
        if reply := Desk(self, account).answer(request, asked):
            return reply
        raise Refusal(404, f"Route {request.method}:/v0{request.path} not found")

    def _list(
        self,
        account: Account,
        kind: str,
        asked: Mapping[str, str],
        accepts: Accepts = None,
        scope: tuple[str, ...] = (),
    ) -> Reply:
        listing = account.listings[kind]
        extended = wants_extended(asked)
        found = window(listing, self.switches, asked, accepts, scope)
        data = [self.body(row, extended=extended) for row in found.rows]
        self._touch_between_pages(listing, found)
        return json_reply(200, {"data": data, "page": found.page}, content_type=_JSON)

    def _of_race(self, account: Account, race_id: str, asked: Mapping[str, str]) -> Reply:
        if not any(race.id == race_id for race in account.races()):
            raise Refusal(404, "Race not found")
        occurrence = asked.get("eventOccurrenceId", "")

        def accepts(row: Row) -> bool:
            return race_id_of(row) == race_id and occurrence in ("", occurrence_of(row))

        return self._list(account, PARTICIPANT, asked, accepts, ("race", race_id, occurrence))

    def _one(self, account: Account, kind: str, row_id: str, asked: Mapping[str, str]) -> Reply:
        extended = wants_extended(asked)
        row = account.listings[kind].get(row_id)
        if row is None:
            raise Refusal(404, f"{kind.title()} not found")
        return json_reply(200, self.body(row, extended=extended), content_type=_JSON)

    def _known_event(self, account: Account, event_id: str) -> None:
        if event_id not in account.events:
            raise Refusal(404, "Event not found")

    def _tickets(self, account: Account, event_id: str) -> Reply:
        self._known_event(account, event_id)
        races: list[Race] = [race for event in account.events[event_id] for race in event.races]
        tickets = [ticket.body() for race in races for ticket in race.tickets]
        return json_reply(200, {"data": tickets}, content_type=_JSON)

    def body(self, row: Row, *, extended: bool = True) -> Body:
        """What a row says; without block 3 unless asked for."""
        body = written_out(self.seed, row, self.people)
        if extended or self.switches.always_extended:
            return body
        return {key: value for key, value in body.items() if key not in BLOCK_3}

    def _touch_between_pages(self, listing: Listing, page: Window) -> None:
        which = self.switches.touch_between_pages
        if which and self.switches.touches > 0 and page.rows and page.page["next"]:
            self.switches.touches -= 1
            self.touch(listing, page.rows[0 if which == "first" else -1])
