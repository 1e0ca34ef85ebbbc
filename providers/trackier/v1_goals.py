"""What else than the usual result is paid for at a campaign, and what single partners get for it, in v1."""

from collections.abc import Mapping
from contextlib import suppress

from providers.errors import AlreadyThere, FieldError, NotFound, OutcomeUnknown
from providers.operations import Done, Verb
from providers.trackier.adapter import Doer, Values, id_of
from providers.trackier.calls import Calls, or_unknown, part, path_id, repeated
from providers.trackier.envelopes import held
from providers.trackier.operations import amounts, as_number, refused
from providers.trackier.quirks import Object, as_list, as_map, words


class GoalDesk:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def doers(self) -> Mapping[Verb, Doer]:
        return {Verb.ADD_GOAL: self.add, Verb.SET_PARTNER_RATE: self.set_partner_rate}

    def add(self, campaign: str, values: Values) -> Done:
        if self._goal_called(campaign, str(values["name"])):
            taken = "This campaign has a goal of that name already."
            raise AlreadyThere(taken, field_errors={"name": [FieldError(rule="taken", text=taken)]})
        goal = {"title": values["name"], "value": values["value"], "type": "public", "model": "fixed"}
        payout = {**amounts(values, earned="payout"), "coverage": ["ALL"]}
        body = {"goal": {**goal, "ad_id": part(campaign)}, "payouts": [payout]}
        try:
            made = as_map(held(self._calls.post("/goal", body), "goal"))
        except OutcomeUnknown as lost:
            made = or_unknown(lost, lambda: self._goal_called(campaign, str(values["name"])))
        return Done(external_id=id_of(made, ("_id",)), facts=(("goal", str(values["name"])),))

    def _goal_called(self, campaign: str, name: str) -> Object:
        return next((each for each in self._goals(campaign) if _goal_name(each) == name.casefold()), {})

    def set_partner_rate(self, campaign: str, values: Values) -> Done:
        """One rate for a partner and a goal: changed, made, or (without an amount) taken away."""
        partner = path_id("partner", str(values["partner"]))
        goal = self._goal(campaign, values.get("goal"))
        path = f"/campaign/pub-payout/{part(campaign)}"
        held_now = self._own_rate(path, partner, goal)
        if values.get("payout") is None:
            return self._taken_away(path, held_now, campaign)
        body = {"goal_id": goal, "pids": [partner], "crev": int(values.get("revenue") is not None)}
        body |= {name: as_number(values[name]) for name in ("payout", "revenue") if values.get(name) is not None}
        if held_now:  # what the organiser pays for it is in no answer, so nothing tells whether a change arrived
            repeated(lambda: self._calls.post(f"{path}/{part(id_of(held_now, ('_id',)))}", body))
        else:
            self._make_rate(path, body, partner=partner, goal=goal)
        return Done(external_id=campaign, facts=(("partner earns", f"{values['payout']}"),))

    def _make_rate(self, path: str, body: Object, *, partner: str, goal: str) -> None:
        try:
            self._calls.post(path, body)
        except OutcomeUnknown as lost:
            or_unknown(lost, lambda: self._own_rate(path, partner, goal))

    def _taken_away(self, path: str, held_now: Object, campaign: str) -> Done:
        if not held_now:
            return Done(external_id=campaign, facts=(("Note", "This partner had no rate of its own here."),))
        with suppress(NotFound):
            repeated(lambda: self._calls.delete(f"{path}/{part(id_of(held_now, ('_id',)))}"))
        return Done(external_id=campaign, facts=(("partner earns", "the same as all others"),))

    def _own_rate(self, path: str, partner: str, goal: str) -> Object:
        """The payout of this partner alone for this goal; one that it shares with others is left to itself."""
        known = map(as_map, as_list(held(self._calls.get(f"{path}/{partner}"), "payouts")))
        return next((each for each in known if id_of(each, ("goal_id",)) == goal and each.get("pids") == [partner]), {})

    def _goal(self, campaign: str, named: object) -> str:
        """Raises Refused where it is not clear which goal is meant."""
        known = self._goals(campaign)
        wanted = str(named or "").casefold()
        fitting = [each for each in known if not wanted or _goal_name(each) == wanted]
        if len(fitting) == 1:
            return id_of(fitting[0], ("_id",))
        if not known:
            raise refused("goal", "This campaign has no goal yet, and Trackier needs one for it. Add a goal first.")
        listed = ", ".join(words(each.get("title")) for each in known[:20])
        raise refused("goal", f"Say for which goal: {listed}.")

    def _goals(self, campaign: str) -> list[Object]:
        listed = as_list(held(self._calls.get(f"/goal/campaign/{part(campaign)}"), "goals"))
        return [as_map(as_map(each).get("goal")) or as_map(each) for each in listed]


def _goal_name(goal: Object) -> str:
    return words(goal.get("title")).casefold()
