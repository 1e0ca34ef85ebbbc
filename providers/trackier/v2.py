"""Trackier API v2: flat envelopes, camelCase bodies, short ids. What is not established stays off for writes.

Reads of an address that is not established are tried, which harms nothing, and the one that answers is kept.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from providers.announced import Announced
from providers.errors import (
    AccessDenied,
    AlreadyThere,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    UnexpectedReply,
)
from providers.http import Http, Params
from providers.operations import Done, Verb
from providers.port import Account, Received
from providers.records import Kind
from providers.trackier.adapter import Adapter, Batch, Doer, Place, Values, id_of, labelled, read_again
from providers.trackier.calls import Calls, or_unknown, part, path_id, repeated
from providers.trackier.envelopes import held
from providers.trackier.faults import says_nothing
from providers.trackier.operations import amounts, narrowed, random_password, refused
from providers.trackier.options import EDIT_PARTNER
from providers.trackier.paging import LogPage, read_log
from providers.trackier.quirks import Object, as_list, as_map, counted, words, zone
from providers.trackier.redaction import writer
from providers.trackier.v1_partners import email_taken
from providers.trackier.windows import Mark, Window

if TYPE_CHECKING:
    from providers.trackier.options import Options

PREFIX = "/v2"
PER_PAGE = 1000
FEWEST = 100  # rows to a page of the log: the least it can be made to give, so fewer are its last
CONVERSION_PATHS = ("/reports/conversions", "/conversions")
GROUPS = ("campaign_id", "publisher_id", "created")
FIGURES = ("grossClicks", "impressions", "approvedConversions", "payout", "revenue")
NO_CONVERSIONS = (
    "Trackier's v2 API does not show us its list of conversions. Earnings and results per day are shown all the same."
)


# What is established well enough to be offered, with the fields that are.
OFFERED: Mapping[Verb, tuple[str, ...]] = {
    Verb.CREATE_PARTNER: ("name", "email", "phone"),
    Verb.ENSURE_LINK: ("partner", "domain"),
    Verb.CREATE_CAMPAIGN: (
        *("name", "url", "payout", "revenue", "dearer", "currency"),
        *("status", "description", "advertiser"),
    ),
    Verb.EDIT_CAMPAIGN: ("name", "url", "description"),
    Verb.PAUSE_CAMPAIGN: (),
    Verb.RESUME_CAMPAIGN: (),
}
EDITED: Mapping[str, str] = {"name": "title", "url": "url", "description": "description"}


class V2(Adapter):
    version = "v2"
    operations = narrowed(OFFERED, needed=("currency",))
    partner_id = ("id", "publisher_id", "_id", "hashId")
    campaign_id = ("id", "_id")
    partner_ref = ("publisher_id", "pub_id", "publisher_long_id")
    campaign_ref = ("campaign_id", "camp_id", "campaign_long_id")
    conversion_id = ("_id", "id", "conversion_id")

    def __init__(self, http: Http, options: "Options", learned: dict[str, str], **unused: object) -> None:
        del unused  # nothing here waits
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

    def campaigns(self, mark: Mark, only: Collection[str] | None = None) -> Iterator[Batch]:
        del only  # the list says all there is
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
        """A list with page and limit. Fewer than we ask for may be all it gives at once: it ends with the number it has
        told, or when nothing new comes. From a page in the middle nobody knows how many were before it."""
        seen: set[str] = set()
        is_from_first, announced = page == 1, Announced()
        while True:
            answer = self.calls.get(path, {**narrowed, "limit": PER_PAGE, "page": page})
            found = as_list(held(answer, name))
            fresh = [each for each in found if id_of(as_map(each), ids) not in seen]
            total = _total(answer)
            reach = total if is_from_first else None
            if found and not fresh and (reach is not None or len(found) >= PER_PAGE):
                raise UnexpectedReply("Trackier gives the same page again and again.")
            known = len(seen)
            seen.update(filter(None, (id_of(as_map(each), ids) for each in fresh)))
            is_end = len(seen) == known or (reach is not None and len(seen) >= reach)
            announced.note(total)
            missed = max(announced.fell, (reach or 0) - len(seen)) if is_end else 0
            following = None if is_end else Mark(page=page + 1)
            yield Batch(found=tuple(fresh), promised=total, missed=missed, next=following)
            if is_end:
                return
            page += 1

    def _conversions_path(self, window: Window) -> str:
        known = self._options.overrides.get("conversions") or self._learned.get("conversions")
        if known:
            return known
        refusal: ProviderError = AccessDenied(NO_CONVERSIONS)
        for path in CONVERSION_PATHS:
            try:
                self._log_page(path, window, 1)
            except (NotFound, UnexpectedReply, AccessDenied) as error:
                refusal = error if says_nothing(error) else refusal
                continue
            self._learned["conversions"] = path
            return path
        raise refusal

    def _log_page(self, path: str, window: Window, number: int) -> LogPage:
        answer = self.calls.get(path, {**window.params(), "limit": PER_PAGE, "page": number})
        rows = held(answer, "conversions", "records")
        if rows is None:
            raise UnexpectedReply("Trackier's answer holds no conversions.")
        paging = as_map(held(answer, "pagination"))
        return LogPage(rows=tuple(as_list(rows)), count=_total(answer), limit=counted(paging.get("perPage")) or FEWEST)

    def doers(self) -> Mapping[Verb, Doer]:
        return {
            Verb.CREATE_PARTNER: self.create_partner,
            Verb.EDIT_PARTNER: self.edit_partner,
            Verb.ENSURE_LINK: self.ensure_link,
            Verb.CREATE_CAMPAIGN: self.create_campaign,
            Verb.EDIT_CAMPAIGN: self.edit_campaign,
            Verb.PAUSE_CAMPAIGN: lambda campaign, _: self.set_status(campaign, "paused"),
            Verb.RESUME_CAMPAIGN: lambda campaign, _: self.set_status(campaign, "active"),
        }

    def create_partner(self, subject: str, values: Values) -> Done:
        del subject  # it is made of nothing
        sent = {name: values.get(name) for name in ("name", "email", "phone")}
        body = {name: value for name, value in sent.items() if value} | {"password": random_password()}
        try:
            made = as_map(held(self.calls.post("/publishers", body), "publisher", "user"))
        except OutcomeUnknown as lost:
            made = or_unknown(lost, lambda: self._partner_of(str(values["email"])))
        except AlreadyThere as error:
            raise email_taken(error) from None
        account = words(made.get("status")) or "not told"
        partner = id_of(made, self.partner_id)
        return Done(external_id=partner, facts=(("account", account),), payload=writer.encode(made))

    def _partner_of(self, email: str) -> Object:
        partners = (as_map(each) for batch in self.partners() for each in batch.found)
        return next((each for each in partners if words(each.get("email")).lower() == email.lower()), {})

    def edit_partner(self, partner: str, values: Values) -> Done:
        """Only over an address that the connection's settings name: none is established."""
        path = self._options.overrides[EDIT_PARTNER]
        body = {name: value for name, value in values.items() if value is not None}
        self.calls.post(path.replace("{id}", part(partner)), body)
        return Done(external_id=partner)

    def ensure_link(self, campaign: str, values: Values) -> Done:
        """No call: the link follows from the two ids."""
        domain = values.get("domain") or self._options.tracking_domain
        if not domain:
            raise refused("domain", "Enter the tracking domain here or in the settings of the connection.")
        partner = path_id("partner", str(values["partner"]))
        link = f"https://{domain}/click?campaign_id={part(campaign)}&pub_id={partner}"
        return Done(external_id=f"{campaign}.{partner}", facts=(("link", link),))

    def create_campaign(self, subject: str, values: Values) -> Done:
        del subject  # it is made of nothing
        currency = str(values["currency"]).upper()
        body: Object = {
            "title": values["name"],
            "url": values["url"],
            "status": values.get("status") or "pending",
            "advertiserId": self._payer(values.get("advertiser")),
            "currency": currency,
            "device": "all",
            "convTracking": "postback",
            "payouts": [{"currency": currency, "geo": ["ALL"], **amounts(values, earned="payout")}],
        } | ({"description": values["description"]} if values.get("description") else {})
        try:
            made = as_map(held(self.calls.post("/campaigns", body), "campaign"))
        except OutcomeUnknown as lost:
            made = or_unknown(lost, lambda: self._like(body))
        campaign = id_of(made, self.campaign_id)
        return Done(external_id=campaign, refreshed=self._again(campaign) or self._told(campaign, made))

    def _payer(self, named: object) -> int:
        """Whole numbers only: v2 knows no other ids."""
        given = str(named or self._options.advertiser_id)
        if not given.isdecimal():
            raise refused("advertiser", "v2 needs the advertiser's short ID: a whole number, as Trackier shows it.")
        return int(given)

    def _like(self, body: Object) -> Object:
        """The campaign of this title and address, {} if there is none."""
        known = (as_map(each) for batch in self.campaigns(Mark()) for each in batch.found)
        wanted = (body["title"], body["url"])
        return next((each for each in known if (words(each.get("title")), each.get("url")) == wanted), {})

    def edit_campaign(self, campaign: str, values: Values) -> Done:
        body = {theirs: values[ours] for ours, theirs in EDITED.items() if values.get(ours)}
        self._changed(campaign, body)
        return Done(external_id=campaign, refreshed=self._again(campaign))

    def set_status(self, campaign: str, status: str) -> Done:
        self._changed(campaign, {"status": status})
        return Done(external_id=campaign, facts=(("status", status),), refreshed=self._again(campaign))

    def _changed(self, campaign: str, body: Object) -> None:
        """Only what changes is sent, and no action. Values are absolute: a lost answer is asked for once more."""
        path = f"/campaigns/{part(campaign)}"
        repeated(lambda: self.calls.post(path, body))

    def _again(self, campaign: str) -> tuple[Received, ...]:
        """What was done is done: a failure here is none of it."""
        try:
            return self._told(campaign, as_map(held(self.calls.get(f"/campaigns/{part(campaign)}"), "campaign")))
        except ProviderError:
            return ()

    def _told(self, campaign: str, found: Object) -> tuple[Received, ...]:
        return read_again(Kind.CAMPAIGN, campaign, as_map(_with_state(found)))


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
