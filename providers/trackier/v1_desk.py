"""Trackier API v1: every write. There is no idempotency key: what may have happened is looked up, not repeated."""

from abc import abstractmethod
from collections.abc import Mapping
from urllib.parse import quote

from providers.errors import AlreadyThere, OutcomeUnknown, Refused
from providers.operations import Done, Verb
from providers.trackier.adapter import Adapter, id_of
from providers.trackier.calls import Calls, part
from providers.trackier.envelopes import decoded, held
from providers.trackier.operations import custom_fields, random_password, refused
from providers.trackier.quirks import Object, amount, as_list, as_map, pick, words
from providers.trackier.redaction import writer

USER = ("affiliate", "user", "publisher")
ANY_ANSWER = frozenset(range(200, 300)) | {400, 409, 422}


class Desk(Adapter):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def perform(self, verb: Verb, subject: str, values: Mapping[str, object]) -> Done:
        match verb:
            case Verb.SET_CAP:
                return self.set_cap(subject, values)
            case Verb.CREATE_REFERRAL:
                return self.create_referral(subject, values)
        return super().perform(verb, subject, values)

    def create_partner(self, values: Mapping[str, object]) -> Done:
        body = {name: value for name, value in values.items() if value is not None and name != "custom_fields"}
        if values.get("custom_fields"):
            body["custom_fields"] = custom_fields(str(values["custom_fields"]))
        body["password"] = random_password()
        try:
            user = as_map(held(self.calls.post("/affiliate", body), *USER))
        except OutcomeUnknown:
            user = self._partner_of(str(values["email"]))
            if not user:
                raise
        except AlreadyThere as error:
            raise email_taken(error) from None
        return _partner_done(user)

    def _partner_of(self, email: str) -> Object:
        partners = map(as_map, as_list(held(self.calls.get("/affiliate"), "affiliates", "publishers")))
        return next((each for each in partners if words(each.get("email")).lower() == email.lower()), {})

    def edit_partner(self, partner: str, values: Mapping[str, object]) -> Done:
        body = {name: "" if value is None else value for name, value in values.items()}
        for name in ("country", "zone", "currency", "username", "live"):
            if body.get(name) == "":
                del body[name]
        answer = self.calls.post(f"/affiliate/{part(partner)}", body)
        done = _partner_done(as_map(held(answer, *USER)))
        return Done(external_id=done.external_id or partner, facts=done.facts, payload=done.payload)

    def ensure_link(self, campaign: str, values: Mapping[str, object]) -> Done:
        """Whatever the answer calls itself: where there is a link, it is the one. To repeat it is the look."""
        path = f"/network/link/{path_id('partner', str(values['partner']))}/{part(campaign)}"
        body = {"domain": values["domain"]} if values.get("domain") else {}
        try:
            return self._link(path, body)
        except OutcomeUnknown:
            return self._link(path, body)

    def _link(self, path: str, body: Object) -> Done:
        reply = self.calls.send("POST", path, body, accept=ANY_ANSWER)
        found = decoded(reply.body) or {}
        address = words(held(found, "tracking_link"))
        if not address:
            raise self.calls.http.error_for(reply) if found else reply.unreadable("no link")
        link = as_map(held(found, "link"))
        facts = [("link", address)]
        if link.get("live") is False:
            facts.append(("Note", "Trackier has switched this link off: it earns nothing."))
        return Done(external_id=id_of(link, ("_id",)), facts=tuple(facts))

    def set_status(self, campaign: str, status: str) -> Done:
        self.calls.post(f"/campaign/{part(campaign)}", {"action": "basic_info", "status": status})
        return Done(external_id=campaign, facts=(("status", status),))

    def caps(self, campaign: str) -> list[Object]:
        """The caps of a campaign as they come."""
        return [as_map(each) for each in as_list(held(self.calls.get(f"/caps/{part(campaign)}"), "caps"), key="id")]

    def set_cap(self, campaign: str, values: Mapping[str, object]) -> Done:
        cap = _cap_body(values)
        same = _same_cap(self.caps(campaign), cap)
        path = f"/caps/{part(campaign)}"
        if same:
            return self._written(f"{path}/{part(id_of(same, ('id', '_id')))}", cap, campaign, cap)
        new = {name: value for name, value in cap.items() if value is not None}
        return self._written(path, {"caps": [new]}, campaign, cap)

    def _written(self, path: str, body: Object, campaign: str, cap: Object) -> Done:
        try:
            found = [as_map(each) for each in as_list(held(self.calls.post(path, body), "caps"), key="id")]
        except OutcomeUnknown:
            found = [each for each in self.caps(campaign) if _says_the_same(each, cap)]
            if not found:
                raise
        stored = _same_cap(found, cap)
        return Done(external_id=id_of(stored, ("id", "_id")), facts=(("what", str(cap["type"])),))

    def create_referral(self, partner: str, values: Mapping[str, object]) -> Done:
        wanted = _referral_body(partner, values)
        found = self._referral(wanted)
        if not found:
            try:
                found = as_map(held(self.calls.post("/network/referral", wanted), "referral"))
            except OutcomeUnknown:
                found = self._referral(wanted)
                if not found:
                    raise
        return self._referral_done(found)

    def _referral(self, wanted: Object) -> Object:
        """A live link that says the same, or nothing."""
        known = map(as_map, as_list(held(self.calls.get("/network/referral"), "referrals")))
        return next((each for each in known if _is_referral(each, wanted)), {})

    def _referral_done(self, found: Object) -> Done:
        referral = id_of(found, ("_id",))
        domain = words(self.network().get("domain"))
        address = f"https://{domain}.trackier.com/publisher/register.html?referral={quote(referral)}"
        facts = (("link", address),) if domain and referral else ()
        return Done(external_id=referral, facts=facts)

    @abstractmethod
    def network(self) -> Object:
        """The network's own account, as it comes."""


def _partner_done(user: Object) -> Done:
    live = user.get("live")
    state = "enabled" if live is True else "not enabled yet" if live is False else "not told"
    return Done(
        external_id=id_of(user, ("_id", "hashId", "id")), facts=(("account", state),), payload=writer.encode(user)
    )


def email_taken(error: AlreadyThere) -> AlreadyThere:
    told = [each for errors in error.field_errors.values() for each in errors]
    return AlreadyThere(
        "Trackier already has a partner with this e-mail address: link to that one.",
        field_errors={"email": told},
        detail=error.detail,
        status=error.status,
        request_id=error.request_id,
    )


def path_id(field: str, remote_id: str) -> str:
    """The id as a part of a path; the objection on the field it came from."""
    try:
        return part(remote_id)
    except Refused as error:
        raise refused(field, error.sentence) from None


def _cap_body(values: Mapping[str, object]) -> Object:
    """A flat cap; None is no limit."""
    limits = {name: values.get(name) for name in ("daily", "monthly", "lifetime")}
    if all(limit is None for limit in limits.values()):
        raise refused("lifetime", "Set at least one limit: a day, a month or in all.")
    return {
        "type": values["type"],
        "pids": [path_id("partner", str(values["partner"]))] if values.get("partner") else ["ALL"],
        **limits,
        "pc": int(values.get("pauses") is True),
        "pub_cap_type": values.get("scope") or "group",
    }


def _same_cap(found: list[Object], cap: Object) -> Object:
    """The cap of the same kind for the same partners, {} if there is none."""
    wanted = (str(cap["type"]).lower(), sorted(cap["pids"]))
    return next((each for each in found if (words(each.get("type")).lower(), _whom(each)) == wanted), {})


def _whom(cap: Object) -> list[str]:
    named = [str(each) for each in as_list(cap.get("pids"))] or [words(cap.get("pub_id"))]
    return sorted(filter(None, named)) or ["ALL"]


def _says_the_same(found: Object, cap: Object) -> bool:
    limits = all(amount(found.get(name)) == amount(cap.get(name)) for name in ("daily", "monthly", "lifetime"))
    pauses = pick(found, "pause_campaign", "pc") in (1, "1", True)
    return bool(_same_cap([found], cap)) and limits and pauses == bool(cap["pc"])


def _referral_body(partner: str, values: Mapping[str, object]) -> Object:
    part(partner)
    rate = amount(values.get("rate"))
    return {
        "publisher_id": partner,
        "recurring": values.get("recurring") is not False,
        "base": values.get("base") or "payout",
        "type": values.get("type") or "percentage",
        "rate": float(rate) if rate is not None else 0,  # a JSON number
    }


def _is_referral(found: Object, wanted: Object) -> bool:
    same = all(found.get(name) == wanted[name] for name in ("recurring", "base", "type"))
    rate = amount(found.get("rate"))
    return (
        same
        and found.get("live") is not False
        and id_of(found, ("user_id",)) == wanted["publisher_id"]
        and rate is not None
        and float(rate) == wanted["rate"]
    )
