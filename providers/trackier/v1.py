"""Trackier API v1: the listings of the network's own API, keyed by long ids; and the desks that write."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from providers.announced import Announced, Promised
from providers.errors import AccessDenied, NotFound, Refused, UnexpectedReply
from providers.http import Http, Params
from providers.operations import Verb
from providers.port import Account
from providers.trackier.adapter import Adapter, Batch, Doer, Place, id_of, labelled
from providers.trackier.calls import Calls, part
from providers.trackier.envelopes import GONE, held
from providers.trackier.faults import says_nothing
from providers.trackier.operations import OPERATIONS
from providers.trackier.prefix import Prefix
from providers.trackier.quirks import Object, as_list, as_map, counted, day_of, pick, words, zone
from providers.trackier.v1_campaigns import CampaignDesk
from providers.trackier.v1_caps import CapDesk
from providers.trackier.v1_goals import GoalDesk
from providers.trackier.v1_log import Log
from providers.trackier.v1_partners import PartnerDesk
from providers.trackier.v1_results import ResultDesk
from providers.trackier.v1_single import Single, caps_of
from providers.trackier.windows import Mark, Window

if TYPE_CHECKING:
    from providers.trackier.options import Options

ACCOUNT = "/network/account"
STATS = "stats"
CAMPAIGNS_PER_PAGE = 100
GROUPS = ("campaign_long_id", "publisher_long_id", "created")
FIGURES = ("grossClicks", "impressions", "approvedConversions", "payout", "revenue")


class V1(Adapter):
    version = "v1"
    operations = OPERATIONS
    partner_id = ("_id",)
    campaign_id = ("_id",)
    partner_ref = ("publisher_long_id", "publisher_id")
    campaign_ref = ("campaign_long_id", "campaign_id")

    def __init__(
        self,
        http: Http,
        options: "Options",
        learned: dict[str, str],
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        keep: Callable[[], None],
    ) -> None:
        self._prefix = Prefix(http, options.prefixes, learned, ACCOUNT)
        self.calls = Calls(http, prefix=self._prefix, probe=ACCOUNT)
        self._learned = learned
        self._network: Object | None = None
        self._caps_refused = False
        self._campaign_numbers: Mapping[str, object] = {}
        self._log = Log(self.calls)
        single = Single(self.calls, self._short_campaign_ids)
        self._doers: Mapping[Verb, Doer] = {
            **PartnerDesk(self.calls, self.network, clock=clock).doers(),
            **CampaignDesk(
                self.calls, single, advertiser=options.advertiser_id, every=self._every_campaign, clock=clock
            ).doers(),
            **CapDesk(self.calls, single).doers(),
            **GoalDesk(self.calls).doers(),
            **ResultDesk(
                self.calls, self._log, self.place, clock=clock, sleep=sleep, learned=learned, keep=keep
            ).doers(),
        }

    def check(self) -> Account:
        """The network, over whichever prefix answers."""
        self._prefix.find_again()
        self._network = None
        network, place = self.network(), self.place()
        return Account(
            name=words(network.get("name")) or words(network.get("domain")) or "Trackier network",
            facts=(
                ("Network", words(network.get("domain"))),
                ("Currency", place.currency or "not told"),
                ("Time zone", self._learned["zone"]),
                ("API version", "v1"),
            ),
            warnings=() if network.get("live") is not False else ("Trackier says that this network is switched off.",),
        )

    def network(self) -> Object:
        if self._network is None:
            self._network = as_map(held(self.calls.get(ACCOUNT), "network"))
            region = as_map(self._network.get("region"))
            self._learned["zone"] = words(region.get("zone")) or "UTC"
            self._learned["currency"] = words(region.get("currency")).upper()
        return self._network

    def place(self) -> Place:
        since = day_of(self.network().get("created"))
        return Place(zone=zone(self._learned["zone"]) or UTC, currency=self._learned["currency"], since=since)

    def partners(self) -> Iterator[Batch]:
        """No paging is documented; an answer that speaks of pages is followed, as long as they bring something new."""
        short_ids = self._short_ids()
        seen: set[str] = set()
        page, taken = 1, 0
        while True:
            answer = self.calls.get("/affiliate", {"page": page} if page > 1 else None)
            found = [each for each in as_list(held(answer, "affiliates", "publishers")) if _name(each) not in seen]
            total, known = _total(answer), len(seen)
            seen.update(filter(None, map(_name, found)))
            taken += len(found)
            is_end = total is None or taken >= total or len(seen) == known
            missed = max((total or 0) - taken, 0) if is_end else 0
            promised = taken + missed if is_end else None
            yield Batch(found=tuple(_numbered(found, short_ids)), promised=promised, missed=missed)
            if is_end:
                return
            page += 1

    def campaigns(self, mark: Mark, only: Collection[str] | None = None) -> Iterator[Batch]:
        """Two passes, because nothing in the list says which campaigns are active."""
        self._campaign_numbers = self._short_campaign_ids()
        promised = Promised()
        for active in (1, 0):
            if active <= mark.active:
                promised.begin()
                for batch in self._campaign_pages(active, mark.page if active == mark.active else 1):
                    promised.note(batch.promised)
                    found = self._completed(batch, only, active=bool(active))
                    yield replace(batch, found=found, promised=promised.total)

    def conversions(self, window: Window) -> Iterator[Batch]:
        return self._log.read(window)

    def doers(self) -> Mapping[Verb, Doer]:
        return self._doers

    def stats(self, window: Window, partners: Iterable[str]) -> Iterator[Batch]:
        """From the custom report; partner by partner where the report tells no days or may not be used.

        Which of the two is settled once: figures of both kinds beside each other would count everything twice.
        """
        report = None if self._learned.get(STATS) == "earnings" else self._daily_report(window)
        if report is not None:
            currency = words(held(report, "report_currency")).upper()
            yield Batch(found=labelled(as_list(held(report, "records")), currency=currency))
            return
        for partner in partners:
            yield Batch(found=tuple(self._earnings(partner, window)))
            self._learned[STATS] = "earnings"

    def _daily_report(self, window: Window) -> Object | None:
        """None: it is of no use here."""
        settled = self._learned.get(STATS) == "report"
        params = {"group[]": list(GROUPS), "fields[]": list(FIGURES), **window.params()}
        try:
            report = self.calls.get("/network/customReport", params)
        except (AccessDenied, NotFound, UnexpectedReply) as error:
            if settled or says_nothing(error) or error.status not in {403, *GONE}:
                raise
            return None
        rows = as_list(held(report, "records"))
        if rows and all(map(_is_daily, rows)):
            self._learned[STATS] = "report"
        return None if rows and not settled and not any(map(_is_daily, rows)) else report

    def _completed(self, batch: Batch, only: Collection[str] | None, *, active: bool) -> tuple[object, ...]:
        """With what the list does not say."""
        found = [each for each in batch.found if only is None or id_of(as_map(each), self.campaign_id) in only]
        numbered = map(self._with_caps, _numbered(found, self._campaign_numbers))
        return labelled(numbered, active=active)

    def _every_campaign(self) -> Iterator[Object]:
        """Both passes, bare."""
        for active in (1, 0):
            for batch in self._campaign_pages(active, 1):
                yield from map(as_map, batch.found)

    def _campaign_pages(self, active: int, page: int) -> Iterator[Batch]:
        """What each page adds, and where to go on after it."""
        seen: set[str] = set()
        announced = Announced()
        while True:
            params = {"active": active, "limit": CAMPAIGNS_PER_PAGE, "page": page}
            answer = self.calls.get("/campaign", params)
            found = as_list(held(answer, "campaigns"))
            fresh = [each for each in found if id_of(as_map(each), self.campaign_id) not in seen]
            is_counted, known = bool(_total(answer) or held(answer, "limit")), len(seen)
            if found and not fresh and seen and is_counted:
                raise UnexpectedReply("Trackier gives the same page of campaigns again and again.")
            seen.update(filter(None, (id_of(as_map(each), self.campaign_id) for each in fresh)))
            is_end = len(seen) == known or self._reached(answer, page, len(found))
            announced.note(_total(answer))
            following = Mark(active=active, page=page + 1) if not is_end else Mark(active=0) if active else None
            yield Batch(
                found=tuple(fresh), promised=_total(answer), missed=int(is_end and announced.fell), next=following
            )
            if is_end:
                return
            page += 1

    def _reached(self, answer: Object, page: int, taken: int) -> bool:
        """Judged by the page and limit of the answer: the server may cap what was asked for, and need not say so."""
        total, told = _total(answer), counted(held(answer, "limit"))
        at = counted(held(answer, "page")) or page
        return taken < told if total is None else at * (told or taken) >= total

    def _with_caps(self, campaign: object) -> object:
        if self._caps_refused or not isinstance(campaign, dict):
            return campaign
        try:
            found = caps_of(self.calls, id_of(campaign, self.campaign_id))
        except (AccessDenied, UnexpectedReply) as error:
            if says_nothing(error):
                raise
            self._caps_refused = True  # not for this key; the campaigns are worth having without
            return campaign
        except (NotFound, Refused):
            return campaign
        return {**campaign, "caps": found}

    def _short_campaign_ids(self) -> Mapping[str, object]:
        """The list of campaigns has long ids only; the report knows both, of campaigns that had any traffic."""
        since = self.place().since
        start = {"start": since.isoformat()} if since else {}
        report = self._report_if_allowed({"group[]": ["campaign_id", "campaign_long_id"], **start})
        rows = [as_map(each) for each in as_list(held(report, "records"))]
        return {id_of(each, ("campaign_long_id",)): each.get("campaign_id") for each in rows}

    def _report_if_allowed(self, params: Params) -> Object:
        try:
            return self.calls.get("/network/customReport", params)
        except (AccessDenied, NotFound, UnexpectedReply) as error:
            if says_nothing(error):
                raise
            return {}

    def _short_ids(self) -> Mapping[str, object]:
        """The custom report names every partner with both its ids."""
        report = self._report_if_allowed({"group[]": ["publisher_long_id"]})
        partners = [as_map(each) for each in as_list(held(report, "affs"))]
        return {id_of(each, ("_id",)): each.get("display_id") for each in partners}

    def _earnings(self, partner: str, window: Window) -> Iterator[object]:
        """The days of one partner over all campaigns. In which currency is not told. None of one that has gone, or
        whose id is not one that Trackier can be asked for."""
        try:
            answer = self.calls.get(f"/affiliate/earning/{part(partner)}", window.params())
        except (NotFound, Refused):
            return
        for day, figures in as_map(held(answer, "stats")).items():
            yield {**as_map(figures), "created": day, "publisher_long_id": partner, "currency": ""}


def _name(found: object) -> str:
    return id_of(as_map(found), V1.partner_id)


def _total(answer: Object) -> int | None:
    told = held(answer, "total")
    return None if told is None else counted(told)


def _numbered(found: Iterable[object], short_ids: Mapping[str, object]) -> Iterator[object]:
    for each in found:
        number = pick(each, "display_id") or short_ids.get(id_of(each, ("_id",))) if isinstance(each, dict) else None
        yield {**each, "display_id": number} if isinstance(each, dict) and number else each


def _is_daily(row: object) -> bool:
    found = as_map(row)
    return day_of(found.get("created")) is not None and bool(id_of(found, V1.partner_ref))
