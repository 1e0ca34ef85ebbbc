"""Affiliates, their tracking links and referral links, in v1. What may have happened is looked up, not repeated."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from providers.errors import AccessDenied, AlreadyThere, NotFound, OutcomeUnknown, ProviderError, UnexpectedReply
from providers.operations import Done, Verb
from providers.records import Kind
from providers.trackier.adapter import Doer, Values, id_of, read_again
from providers.trackier.calls import Calls, or_unknown, part, path_id, repeated
from providers.trackier.envelopes import decoded, held
from providers.trackier.operations import as_number, custom_fields, random_password, refused
from providers.trackier.quirks import Object, amount, as_list, as_map, made_since, words

USER = ("affiliate", "user", "publisher")
ANY_ANSWER = frozenset(range(200, 300)) | {400, 409, 422}
NOT_FOR_US = (AccessDenied, NotFound, UnexpectedReply)
# Given empty, these stay as they are: an account cannot be without them.
NEVER_EMPTY = ("country", "zone", "currency", "username", "live")


class PartnerDesk:
    """``network``: the account as it comes."""

    def __init__(self, calls: Calls, network: Callable[[], Object], *, clock: Callable[[], datetime]) -> None:
        self._calls = calls
        self._network = network
        self._clock = clock

    def doers(self) -> Mapping[Verb, Doer]:
        return {
            Verb.CREATE_PARTNER: self.create,
            Verb.EDIT_PARTNER: self.edit,
            Verb.ENSURE_LINK: self.ensure_link,
            Verb.CREATE_REFERRAL: self.create_referral,
            Verb.END_REFERRAL: self.end_referral,
        }

    def create(self, subject: str, values: Values) -> Done:
        del subject  # it is made of nothing
        body = {name: value for name, value in values.items() if value is not None and name != "custom_fields"}
        given = custom_fields(str(values.get("custom_fields") or ""))
        self._all_given(given)
        if given:
            body["custom_fields"] = given
        body["password"] = random_password()
        sent_at = self._clock()
        try:
            user = as_map(held(self._calls.post("/affiliate", body), *USER))
        except OutcomeUnknown as lost:
            user = or_unknown(lost, lambda: self._partner_of(str(values["email"]), since=sent_at))
        except AlreadyThere as error:
            raise email_taken(error) from None
        return _partner_done(user)

    def _all_given(self, given: Mapping[str, str]) -> None:
        """Raises Refused for a custom field that the network requires and nobody has filled in."""
        try:
            fields = held(self._calls.get("/dictionary/customField/affiliate"), "fields")
        except NOT_FOR_US:
            return
        known = map(as_map, as_list(fields, key="id"))
        missing = [each for each in known if each.get("required") is True and not given.get(words(each.get("name")))]
        if missing:
            lines = "; ".join(f"{words(each.get('name'))} = … ({words(each.get('label'))})" for each in missing)
            raise refused("custom_fields", f"Your Trackier network needs, one a line: {lines}.")

    def _partner_of(self, email: str, *, since: datetime) -> Object:
        """The one with this address that was made since; {} if there is none."""
        partners = made_since(as_list(held(self._calls.get("/affiliate"), "affiliates", "publishers")), since)
        return next((each for each in partners if words(each.get("email")).lower() == email.lower()), {})

    def edit(self, partner: str, values: Values) -> Done:
        """Values are absolute, so a lost answer is asked for once more. The account is read again afterwards."""
        body = {name: "" if value is None else value for name, value in values.items()}
        for name in NEVER_EMPTY:
            if body.get(name) == "":
                del body[name]
        path = f"/affiliate/{part(partner)}"
        answer = repeated(lambda: self._calls.post(path, body))
        told = as_map(held(answer, *USER))
        done = _partner_done({**told, **self._single(path)}, off="disabled")
        return Done(external_id=done.external_id or partner, facts=done.facts, payload=done.payload)

    def _single(self, path: str) -> Object:
        try:
            return as_map(held(self._calls.get(path), *USER))
        except ProviderError:
            return {}  # the change is done; what its answer told has to do

    def ensure_link(self, campaign: str, values: Values) -> Done:
        """Whatever the answer calls itself: where there is a link, it is the one. To repeat it is the look."""
        path = f"/network/link/{path_id('partner', str(values['partner']))}/{part(campaign)}"
        domain = str(values.get("domain") or "")
        if domain:
            self._is_ours(domain)
        body = {"domain": domain} if domain else {}
        return repeated(lambda: self._link(path, body))

    def _is_ours(self, domain: str) -> None:
        """Raises Refused for a tracking domain that the network does not have."""
        try:
            listed = as_list(held(self._calls.get("/campaign/domains"), "domains"))
        except NOT_FOR_US:
            return
        known = [words(each).lower() for each in listed if isinstance(each, str)]
        if known and domain.lower() not in known:
            raise refused("domain", f"Domain: at Trackier you have {', '.join(known[:20])}.")

    def _link(self, path: str, body: Object) -> Done:
        reply = self._calls.send("POST", path, body, accept=ANY_ANSWER)
        found = decoded(reply.body) or {}
        address = words(held(found, "tracking_link"))
        if not address:
            raise self._calls.http.error_for(reply) if found else reply.unreadable("no link")
        link = as_map(held(found, "link"))
        facts = [("link", address)]
        if link.get("live") is False:
            facts.append(("Note", "Trackier has switched this link off: it earns nothing."))
        return Done(external_id=id_of(link, ("_id",)), facts=tuple(facts))

    def create_referral(self, partner: str, values: Values) -> Done:
        wanted = _referral_body(partner, values)
        found = self._equal(wanted)
        if not found:
            try:
                found = as_map(held(self._calls.post("/network/referral", wanted), "referral"))
            except OutcomeUnknown as lost:
                found = or_unknown(lost, lambda: self._equal(wanted))
        return self._referral_done(found)

    def end_referral(self, partner: str, values: Values) -> Done:
        """Switched off rather than deleted: who has signed up over it stays counted."""
        del values  # there is nothing to choose
        live = [each for each in self._referrals(partner) if each.get("live") is not False]
        for each in live:
            self._switch_off(id_of(each, ("_id",)), partner)
        signed_up = sum(int(amount(each.get("signUps")) or 0) for each in live)
        told = f"{signed_up} recruited over it" if live else "this partner had no live referral link"
        return Done(external_id=partner, facts=(("Note", f"{told[:1].upper()}{told[1:]}."),))

    def _switch_off(self, referral: str, partner: str) -> None:
        path, body = f"/network/referral/{part(referral)}", {"publisher_id": partner, "live": False}
        repeated(lambda: self._calls.send("PATCH", path, body))

    def _equal(self, wanted: Object) -> Object:
        """A live link that says the same, or nothing."""
        known = self._referrals(wanted["publisher_id"])
        return next((each for each in known if _is_referral(each, wanted)), {})

    def _referrals(self, partner: str) -> list[Object]:
        known = map(as_map, as_list(held(self._calls.get("/network/referral"), "referrals")))
        return [each for each in known if id_of(each, ("user_id",)) == partner]

    def _referral_done(self, found: Object) -> Done:
        referral = id_of(found, ("_id",))
        domain = words(self._network().get("domain"))
        address = f"https://{domain}.trackier.com/publisher/register.html?referral={quote(referral)}"
        facts = (("link", address),) if domain and referral else ()
        return Done(external_id=referral, facts=facts)


def _partner_done(user: Object, *, off: str = "not enabled yet") -> Done:
    live = user.get("live")
    state = "enabled" if live is True else off if live is False else "not told"
    partner = id_of(user, ("_id", "hashId", "id"))
    read = read_again(Kind.PARTNER, partner, user)
    return Done(external_id=partner, facts=(("account", state),), payload=read[0].payload if read else b"")


def email_taken(error: AlreadyThere) -> AlreadyThere:
    told = [each for errors in error.field_errors.values() for each in errors]
    return AlreadyThere(
        "Trackier already has a partner with this e-mail address: link to that one.",
        field_errors={"email": told},
        **error.call,
    )


def _referral_body(partner: str, values: Values) -> Object:
    part(partner)
    return {
        "publisher_id": partner,
        "recurring": values.get("recurring") is not False,
        "base": values.get("base") or "payout",
        "type": values.get("type") or "percentage",
        "rate": as_number(values.get("rate")),
    }


def _is_referral(found: Object, wanted: Object) -> bool:
    same = all(found.get(name) == wanted[name] for name in ("recurring", "base", "type"))
    return same and found.get("live") is not False and amount(found.get("rate")) == amount(str(wanted["rate"]))
