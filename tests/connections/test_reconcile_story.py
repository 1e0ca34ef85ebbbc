"""Reconcile against a model: whatever happens there, whatever pages come and however often, we end up as they are."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from organiser_portal.connections.reconcile import Held, Plan, reconcile
from providers.port import Received
from providers.records import Kind

IDS = st.sampled_from([f"id{number}" for number in range(8)])
VERSIONS = st.integers(0, 3)


def sent(external_id: str, version: int) -> Received:
    mark = bytes([version])
    return Received(kind=Kind.ENTRY, external_id=external_id, fingerprint=mark, payload=mark)


class Walking(RuleBasedStateMachine):
    """``there``: what the provider holds. ``here``: our rows."""

    pages = Bundle("pages")

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[str, int] = {}
        self.here: dict[str, Held] = {}

    @rule(external_id=IDS, version=VERSIONS)
    def somebody_enters_or_changes(self, external_id: str, version: int) -> None:
        self.there[external_id] = version

    @rule(external_id=IDS)
    def somebody_leaves(self, external_id: str) -> None:
        self.there.pop(external_id, None)

    @rule(target=pages, ids=st.lists(IDS, max_size=6))
    def a_page_is_read(self, ids: list[str]) -> list[Received]:
        """An id may stand in it twice, as where a row moves while pages are cut."""
        return [sent(each, self.there[each]) for each in ids if each in self.there]

    @rule(page=pages)
    def a_page_is_stored(self, page: list[Received]) -> None:
        """Sooner or later, once or often, in any order."""
        last = {item.external_id: item.fingerprint for item in page}
        plan = self._store(page)
        assert len(plan.new) + len(plan.changed) + plan.same == len(last), "each is counted once"
        assert all(self.here[each].fingerprint == mark and not self.here[each].gone for each, mark in last.items())
        again = self._store(page)
        assert (again.new, again.changed, again.same) == ((), (), len(last)), "twice is once"

    @rule()
    def everything_is_walked(self) -> None:
        self._store([sent(each, version) for each, version in self.there.items()])
        for each in self.here.keys() - self.there.keys():
            self.here[each] = Held(fingerprint=self.here[each].fingerprint, gone=True)
        listed = {each: row.fingerprint for each, row in self.here.items() if not row.gone}
        assert listed == {each: bytes([version]) for each, version in self.there.items()}

    def _store(self, page: list[Received]) -> Plan:
        plan = reconcile(page, self.here)
        for item in plan.new:
            assert item.external_id not in self.here, "nothing is doubled"
        for item in (*plan.new, *plan.changed):
            self.here[item.external_id] = Held(fingerprint=item.fingerprint)
        return plan


Walking.TestCase.settings = settings(stateful_step_count=25)
TestWalking = Walking.TestCase
