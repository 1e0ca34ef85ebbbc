"""Limits of a campaign, in v1: created under ``caps``, changed flat, told under other names than sent."""

from collections.abc import Mapping

from providers.errors import NotFound, OutcomeUnknown
from providers.operations import Done, Verb
from providers.trackier.adapter import Doer, Values, id_of
from providers.trackier.calls import Calls, or_unknown, part, path_id
from providers.trackier.envelopes import held
from providers.trackier.operations import refused
from providers.trackier.quirks import Object, amount, as_list, as_map, pick, words
from providers.trackier.v1_single import Single, caps_of

KEY = ("id", "_id")


class CapDesk:
    def __init__(self, calls: Calls, single: Single) -> None:
        self._calls = calls
        self._single = single

    def doers(self) -> Mapping[Verb, Doer]:
        return {Verb.SET_CAP: self.set_cap, Verb.REMOVE_CAP: self.remove_cap}

    def set_cap(self, campaign: str, values: Values) -> Done:
        """A cap of this kind for the same partners is changed, else one is added."""
        cap = _cap_body(values)
        same = _same_cap(self._caps(campaign), cap)
        path = f"/caps/{part(campaign)}"
        if same:
            stored = self._written(f"{path}/{part(id_of(same, KEY))}", cap, campaign, cap)
        else:
            new = {name: value for name, value in cap.items() if value is not None}
            stored = self._written(path, {"caps": [new]}, campaign, cap)
        return Done(
            external_id=id_of(stored, KEY),
            facts=(("what", str(cap["type"])),),
            refreshed=self._single.again(campaign),
        )

    def _written(self, path: str, body: Object, campaign: str, cap: Object) -> Object:
        try:
            found = [as_map(each) for each in as_list(held(self._calls.post(path, body), "caps"), key="id")]
        except OutcomeUnknown as lost:
            found = or_unknown(lost, lambda: [each for each in self._caps(campaign) if _says_the_same(each, cap)])
        return _same_cap(found, cap)

    def _caps(self, campaign: str) -> list[Object]:
        return caps_of(self._calls, campaign)

    def remove_cap(self, campaign: str, values: Values) -> Done:
        """One that is no longer there is removed."""
        cap = str(values["cap"])
        try:
            self._calls.delete(f"/caps/{part(campaign)}/{path_id('cap', cap)}")
        except NotFound:
            pass
        except OutcomeUnknown as lost:
            or_unknown(lost, lambda: all(id_of(each, KEY) != cap for each in self._caps(campaign)))
        return Done(external_id=cap, refreshed=self._single.again(campaign))


def _cap_body(values: Values) -> Object:
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
