"""Campaigns, in v1: made, changed, paused, what they pay and who may promote them.

Nothing is repeated after a lost answer: it is looked up. What was written is read again, since Trackier's own samples
show it storing something else than was sent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from providers.errors import OutcomeUnknown, ProviderError
from providers.operations import Done, Verb
from providers.records import Kind
from providers.trackier.adapter import Doer, Values, id_of, read_again
from providers.trackier.calls import Calls, or_unknown, part, path_id, repeated
from providers.trackier.envelopes import held
from providers.trackier.operations import OPERATIONS, amounts, refused
from providers.trackier.quirks import Object, amount, as_list, as_map, made_since, words
from providers.trackier.v1_single import Single

EVERYWHERE = ["ALL"]
# The field names of an edit, by the group that ``action`` names; one call per group.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "basic_info": {
        "name": "title",
        "url": "url",
        "preview_url": "preview_url",
        "description": "description",
        "expiry": "expiry",
    },
    "targeting": {"visibility": "visibility"},
}


class CampaignDesk:
    """``advertiser``: from the connection's settings. ``every``: all campaigns, as the list tells of them."""

    def __init__(
        self,
        calls: Calls,
        single: Single,
        *,
        advertiser: str,
        every: Callable[[], Iterator[Object]],
        clock: Callable[[], datetime],
    ) -> None:
        self._calls = calls
        self._single = single
        self._advertiser = advertiser
        self._every = every
        self._clock = clock

    def doers(self) -> Mapping[Verb, Doer]:
        return {
            Verb.CREATE_CAMPAIGN: self.create,
            Verb.EDIT_CAMPAIGN: self.edit,
            Verb.PAUSE_CAMPAIGN: lambda campaign, _: self.set_status(campaign, "paused"),
            Verb.RESUME_CAMPAIGN: lambda campaign, _: self.set_status(campaign, "active"),
            Verb.SET_RATES: self.set_rates,
            Verb.GRANT_ACCESS: self.grant_access,
        }

    def create(self, subject: str, values: Values) -> Done:
        del subject  # it is made of nothing
        body = {
            "title": values["name"],
            "url": values["url"],
            "advertiser_id": self._payer(values.get("advertiser")),
            "commissions": [{**amounts(values, earned="payout"), "coverage": EVERYWHERE}],
            "model": values.get("model") or "cpa",
            "status": values.get("status") or "pending",
            "visibility": values.get("visibility") or "public",
            "device": ["all"],
        } | {name: values[name] for name in ("description", "preview_url", "currency") if values.get(name)}
        if "currency" in body:
            body["currency"] = str(body["currency"]).upper()
        sent_at = self._clock()
        try:
            made = as_map(held(self._calls.post("/campaign", body), "campaign"))
        except OutcomeUnknown as lost:
            made = or_unknown(lost, lambda: self._like(body, since=sent_at))
        campaign = id_of(made, ("_id",))
        refreshed = self._single.again(campaign, active=body["status"] == "active")
        return Done(external_id=campaign, facts=_stored_otherwise(body, made), refreshed=refreshed)

    def _payer(self, named: object) -> str:
        """The advertiser in whose name it is made. Raises Refused where nobody can tell which."""
        if named or self._advertiser:
            return str(named or self._advertiser)
        known = [as_map(each) for each in as_list(held(self._calls.get("/advertiser"), "advertisers"))]
        if len(known) == 1:
            return id_of(known[0], ("_id", "display_id"))
        listed = ", ".join(f"{words(each.get('name'))} ({id_of(each, ('_id', 'display_id'))})" for each in known[:20])
        raise refused("advertiser", f"Say which advertiser pays: {listed or 'Trackier lists none'}.")

    def _like(self, body: Object, *, since: datetime) -> Object:
        """The campaign of this title and address that was made since, {} if there is none."""
        wanted, fresh = (body["title"], body["url"]), made_since(self._every(), since)
        return next((each for each in fresh if (words(each.get("title")), each.get("url")) == wanted), {})

    def edit(self, campaign: str, values: Values) -> Done:
        """A call for each group. Where a later one fails, what the earlier ones told is changed all the same."""
        taken: list[str] = []
        for action, names in GROUPS.items():
            given = [ours for ours in names if values.get(ours)]
            if not given:
                continue
            try:
                self._changed(campaign, {"action": action, **{names[ours]: values[ours] for ours in given}})
            except ProviderError as error:
                if not taken:
                    raise
                raise _in_part(taken, given, error) from None
            taken += given
        return Done(external_id=campaign, refreshed=self._single.again(campaign))

    def set_status(self, campaign: str, status: str) -> Done:
        """What Trackier lists afterwards counts, not what it was told."""
        self._changed(campaign, {"action": "basic_info", "status": status})
        wanted = status == "active"
        found = self._single.look(campaign, active=wanted)
        facts = [("status", status)]
        if found and found["active"] is not wanted:
            facts.append(("Warning", f"Trackier took it, but still does not list the campaign as {status}."))
        return Done(external_id=campaign, facts=tuple(facts), refreshed=read_again(Kind.CAMPAIGN, campaign, found))

    def _changed(self, campaign: str, body: Object) -> None:
        """Values are absolute, so a lost answer is asked for once more."""
        path = f"/campaign/{part(campaign)}"
        repeated(lambda: self._calls.post(path, body))

    def set_rates(self, campaign: str, values: Values) -> Done:
        """The commission that applies everywhere is changed; there being none, it is made."""
        wanted = amounts(values, earned="rate")
        path = f"/commissions/{part(campaign)}"
        known = self._commissions(path)
        main = next((each for each in known if _is_wide(each)), {})
        address = f"{path}/{part(id_of(main, ('_id',)))}" if main else path
        body = wanted if main else {**wanted, "coverage": EVERYWHERE}
        try:
            self._calls.post(address, body)
        except OutcomeUnknown as lost:
            or_unknown(lost, lambda: any(_is_wide(each) and _pays(each, wanted) for each in self._commissions(path)))
        return Done(external_id=campaign, facts=self._as_stored(path, wanted), refreshed=self._single.again(campaign))

    def _commissions(self, path: str) -> list[Object]:
        return [as_map(each) for each in as_list(held(self._calls.get(path), "commissions"))]

    def _as_stored(self, path: str, wanted: Object) -> tuple[tuple[str, str], ...]:
        """Two pages of the documentation swap the two amounts; should the server, too, it has to be said."""
        try:
            main = next((each for each in self._commissions(path) if _is_wide(each)), {})
        except ProviderError:
            return ()  # they are stored; only the look at them failed
        facts = (("partner earns", f"{amount(main.get('rate'))}"), ("you pay", f"{amount(main.get('revenue'))}"))
        if _pays(main, wanted):
            return facts
        return *facts, ("Warning", "Trackier stored other amounts than were sent: look at the campaign there.")

    def grant_access(self, campaign: str, values: Values) -> Done:
        """To give it twice comes to the same, so a lost answer is asked for once more."""
        body = {"publisher_ids": [path_id("partner", str(values["partner"]))], "campaign_ids": [part(campaign)]}
        repeated(lambda: self._calls.post("/campaign/assign-publisher", body))
        return Done(external_id=campaign)


def _in_part(taken: Sequence[str], left: Sequence[str], error: ProviderError) -> OutcomeUnknown:
    """Some of an edit is changed, and the rest is as ``error`` says."""
    met = error.met if isinstance(error, OutcomeUnknown) else error
    return OutcomeUnknown(
        f"Trackier has taken {_labels(taken)}. {_labels(left)}: {error.sentence}",
        advice="What it has taken shows here in a minute. The rest can be sent again.",
        met=met,
        **error.call,
    )


def _labels(names: Sequence[str]) -> str:
    labels = {field.name: field.label for field in OPERATIONS[Verb.EDIT_CAMPAIGN].fields}
    return ", ".join(labels[name] for name in names)


def _is_wide(commission: Object) -> bool:
    coverage = as_list(commission.get("coverage"))
    return not coverage or "ALL" in coverage


def _pays(commission: Object, wanted: Object) -> bool:
    return all(amount(commission.get(name)) == Decimal(str(wanted[name])) for name in ("rate", "revenue"))


def _stored_otherwise(body: Object, made: Object) -> tuple[tuple[str, str], ...]:
    """Samples show another status and visibility coming back than was sent."""
    told = {"status": words(made.get("status")), "visibility": words(made.get("vis"))}
    facts = tuple((name, value) for name, value in told.items() if value)
    other = [f"{name} {value}" for name, value in facts if value.lower() != body[name]]
    return (*facts, ("Warning", f"Trackier made it with {' and '.join(other)}.")) if other else facts
