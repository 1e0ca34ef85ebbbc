"""Trackier API v2: flat envelopes, camelCase bodies, short ids. What is not established stays off for writes.

Reads of an address that is not established are tried, which harms nothing, and the one that answers is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from providers.errors import (
    AccessDenied,
    AlreadyThere,
    NotFound,
    OutcomeUnknown,
    UnexpectedReply,
    Unsupported,
)
from providers.http import Http, Params
from providers.operations import Done
from providers.port import Account
from providers.trackier.adapter import Adapter, Batch, Place, id_of, labelled
from providers.trackier.calls import Calls, part
from providers.trackier.envelopes import held
from providers.trackier.operations import random_password, refused
from providers.trackier.paging import LogPage, read_log
from providers.trackier.quirks import Object, as_list, as_map, counted, words, zone
from providers.trackier.redaction import writer
from providers.trackier.v1_desk import email_taken, path_id
from providers.trackier.windows import Mark, Window

if TYPE_CHECKING:
    from providers.trackier.options import Options

PREFIX = "/v2"
PER_PAGE = 1000
CONVERSION_PATHS = ("/reports/conversions", "/conversions")
GROUPS = ("campaign_id", "publisher_id", "created")
FIGURES = ("grossClicks", "impressions", "approvedConversions", "payout", "revenue")
NO_CONVERSIONS = (
    "Trackier's v2 API does not show us its list of conversions. Earnings and results per day are shown all the same."
)


class V2(Adapter):
    partner_id = ("id", "publisher_id", "_id", "hashId")
    campaign_id = ("id", "_id")
    partner_ref = ("publisher_id", "pub_id", "publisher_long_id")
    campaign_ref = ("campaign_id", "camp_id", "campaign_long_id")
    conversion_id = ("_id", "id", "conversion_id")

    def __init__(self, http: Http, options: "Options", learned: dict[str, str]) -> None:
        self.calls = Calls(http, prefix=lambda: PREFIX, probe="/campaigns?limit=1")
        self._options = options
        self._learned = learned

    def check(self) -> Account:
        try:
            answer = self.calls.get("/campaigns", {"limit": 1, "page": 1})
        except NotFound:
            raise AccessDenied(
                "This host does not serve v2 of Trackier's API. Check the base URL, or choose version v1."
            ) from None
        options, known = self._options, held(answer, "count")
        return Account(
            name="Trackier network",
            facts=(
                ("Campaigns", "not told" if known is None else str(counted(known))),
                ("Currency", options.currency or "not told"),
                ("Time zone", options.zone or "UTC"),
                ("API version", "v2"),
            ),
            warnings=()
            if options.tracking_domain
            else ("Without a tracking domain in the settings there are no tracking links.",),
        )

    def place(self) -> Place:
        self._learned["zone"] = self._options.zone or "UTC"
        self._learned["currency"] = self._options.currency
        return Place(zone=zone(self._learned["zone"]) or UTC, currency=self._options.currency)

    def partners(self) -> Iterator[Batch]:
        path = self._options.overrides.get("partners", "/publishers")
        yield from self._pages(path, {}, "publishers", self.partner_id)

    def campaigns(self, mark: Mark) -> Iterator[Batch]:
        narrowed: Params = {"advertiser[]": self._options.advertiser_id} if self._options.advertiser_id else {}
        for batch in self._pages("/campaigns", narrowed, "campaigns", self.campaign_id, mark.page):
            yield replace(batch, found=tuple(map(_with_state, batch.found)))

    def conversions(self, window: Window) -> Iterator[Batch]:
        path = self._conversions_path(window)
        return read_log(lambda asked, number: self._log_page(path, asked, number), window, self.conversion_id)

    def stats(self, window: Window, partners: Iterable[str]) -> Iterator[Batch]:
        del partners  # the report names them
        params = {"group[]": list(GROUPS), "kpi[]": list(FIGURES), **window.params()}
        answer = self.calls.get("/reports/custom", params)
        told = words(held(answer, "report_currency", "currency")).upper() if _tells_currency(answer) else ""
        currency = told or self._options.currency
        yield Batch(found=labelled(as_list(held(answer, "records")), currency=currency))

    def _pages(self, path: str, narrowed: Params, name: str, ids: tuple[str, ...], page: int = 1) -> Iterator[Batch]:
        """A list with page and limit; one that ignores page ends when nothing new comes."""
        seen: set[str] = set()
        before = (page - 1) * PER_PAGE
        while True:
            answer = self.calls.get(path, {**narrowed, "limit": PER_PAGE, "page": page})
            found = as_list(held(answer, name))
            fresh = [each for each in found if id_of(as_map(each), ids) not in seen]
            if found and not fresh:
                raise UnexpectedReply("Trackier gives the same page again and again.")
            seen.update(filter(None, (id_of(as_map(each), ids) for each in fresh)))
            total = _total(answer)
            is_end = not found or (len(found) < PER_PAGE if total is None else before + len(seen) >= total)
            yield Batch(found=tuple(fresh), promised=total, next=None if is_end else Mark(page=page + 1))
            if is_end:
                return
            page += 1

    def _conversions_path(self, window: Window) -> str:
        known = self._options.overrides.get("conversions") or self._learned.get("conversions")
        if known:
            return known
        for path in CONVERSION_PATHS:
            try:
                self._log_page(path, window, 1)
            except (NotFound, UnexpectedReply, AccessDenied):
                continue
            self._learned["conversions"] = path
            return path
        raise AccessDenied(NO_CONVERSIONS)

    def _log_page(self, path: str, window: Window, number: int) -> LogPage:
        answer = self.calls.get(path, {**window.params(), "limit": PER_PAGE, "page": number})
        rows = held(answer, "conversions", "records")
        if rows is None:
            raise UnexpectedReply("Trackier's answer holds no conversions.")
        paging = as_map(held(answer, "pagination"))
        return LogPage(
            rows=tuple(as_list(rows)), count=_total(answer), limit=counted(paging.get("perPage")) or PER_PAGE
        )

    def create_partner(self, values: Mapping[str, object]) -> Done:
        sent = {name: values.get(name) for name in ("name", "email", "phone")}
        body = {name: value for name, value in sent.items() if value} | {"password": random_password()}
        try:
            made = as_map(held(self.calls.post("/publishers", body), "publisher", "user"))
        except OutcomeUnknown:
            made = self._partner_of(str(values["email"]))
            if not made:
                raise
        except AlreadyThere as error:
            raise email_taken(error) from None
        account = words(made.get("status")) or "not told"
        partner = id_of(made, self.partner_id)
        return Done(external_id=partner, facts=(("account", account),), payload=writer.encode(made))

    def _partner_of(self, email: str) -> Object:
        partners = (as_map(each) for batch in self.partners() for each in batch.found)
        return next((each for each in partners if words(each.get("email")).lower() == email.lower()), {})

    def edit_partner(self, partner: str, values: Mapping[str, object]) -> Done:
        path = self._options.overrides.get("edit_partner")
        if not path:
            raise Unsupported("Changing partners is not established in v2 of Trackier's API: do it at Trackier.")
        body = {name: value for name, value in values.items() if value is not None}
        self.calls.post(path.replace("{id}", part(partner)), body)
        return Done(external_id=partner)

    def ensure_link(self, campaign: str, values: Mapping[str, object]) -> Done:
        """No call: the link follows from the two ids."""
        domain = values.get("domain") or self._options.tracking_domain
        if not domain:
            raise refused("domain", "Enter the tracking domain here or in the settings of the connection.")
        partner = path_id("partner", str(values["partner"]))
        link = f"https://{domain}/click?campaign_id={part(campaign)}&pub_id={partner}"
        return Done(external_id=f"{campaign}.{partner}", facts=(("link", link),))

    def set_status(self, campaign: str, status: str) -> Done:
        """Only what changes is sent, and no action: v2 takes it as it is."""
        self.calls.post(f"/campaigns/{part(campaign)}", {"status": status})
        return Done(external_id=campaign, facts=(("status", status),))


def _with_state(campaign: object) -> object:
    status = words(as_map(campaign).get("status")).lower()
    return {**campaign, "active": status == "active"} if isinstance(campaign, dict) and status else campaign


def _total(answer: Object) -> int | None:
    paging = as_map(held(answer, "pagination"))
    told = next(
        (each for each in (paging.get("total"), paging.get("totalCount"), held(answer, "count")) if each is not None),
        None,
    )
    return None if told is None else counted(told)


def _tells_currency(answer: Object) -> bool:
    return isinstance(held(answer, "report_currency", "currency"), str)
