"""Three ways: what the provider said when staff edited, ours, theirs. No edit is lost, none is forced on anybody."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from organiser_portal.participants.merge import Merged, Rule, merge
from organiser_portal.participants.patterns import Pattern, pattern

NAMES = st.sampled_from(["club", "city", "email"])
VALUES = st.sampled_from(["", "a", "A", "b", "c"])
RULES = st.dictionaries(NAMES, st.sampled_from(list(Rule)))
BASE, OURS, THEIRS = "base", "ours", "theirs"


def merged(said: str, **more: object) -> Merged:
    override = {"value": OURS, "provider_value": BASE, "by": "Ed", "by_id": 1, "at": "then"}
    told = {"overrides": {"club": override}, "conflicts": {}, "effective": {"club": OURS}, "at": "now", **more}
    return merge(theirs={"club": said}, **told)  # type: ignore[arg-type]


def test_what_the_provider_left_alone_stays_ours():
    assert merged(BASE).values["club"] == OURS
    assert merged(BASE).conflicts == {}


def test_what_both_say_by_now_is_agreed():
    assert merged(OURS).overrides == {}


def test_what_both_changed_is_a_conflict_and_ours_stands_until_somebody_chooses():
    result = merged(THEIRS, run=7)
    assert result.values["club"] == OURS
    assert result.conflicts == {"club": {"ours": OURS, "theirs": THEIRS, "base": BASE, "at": "now", "run": 7}}


def test_a_conflict_that_is_open_keeps_when_and_by_which_run_it_came():
    first = merged(THEIRS, run=7)
    again = merged(THEIRS, run=8, at="later", conflicts=first.conflicts)
    assert again.conflicts == first.conflicts
    assert (len(first.decided), again.decided) == (1, ())


def test_a_conflict_closes_when_the_provider_takes_its_change_back():
    assert merged(BASE, conflicts=merged(THEIRS).conflicts).conflicts == {}


def test_by_rule_theirs_replaces_ours():
    result = merged(THEIRS, rules={"club": Rule.PROVIDER})
    assert (result.values["club"], result.overrides, result.conflicts) == (THEIRS, {}, {})
    assert [(each.name, each.rule) for each in result.decided] == [("club", Rule.PROVIDER)]


def test_by_rule_ours_stands_and_is_decided_once():
    result = merged(THEIRS, rules={"club": Rule.STAFF})
    assert (result.values["club"], result.conflicts) == (OURS, {})
    assert merged(THEIRS, overrides=result.overrides, rules={"club": Rule.STAFF}).decided == ()


def test_a_rule_decides_nothing_that_only_one_side_changed():
    assert merged(BASE, rules={"club": Rule.PROVIDER}).values["club"] == OURS


class TwoSides(RuleBasedStateMachine):
    """Staff edit, the provider edits, pulls come when they like. The model: who said what last, by field."""

    def __init__(self) -> None:
        super().__init__()
        self.theirs = dict.fromkeys(["club", "city", "email"], "")
        self.effective = dict(self.theirs)
        self.ours: dict[str, str] = {}
        self.overrides: dict[str, dict[str, object]] = {}
        self.conflicts: dict[str, dict[str, object]] = {}
        self.pulled = dict(self.theirs)

    @rule(name=NAMES, value=VALUES)
    def staff_edit(self, name: str, value: str) -> None:
        self.conflicts.pop(name, None)
        self.effective[name] = value
        if value == self.pulled[name]:
            self.overrides.pop(name, None)
            self.ours.pop(name, None)
            return
        self.overrides[name] = {"value": value, "provider_value": self.pulled[name]}
        self.ours[name] = value

    @rule(name=NAMES, value=VALUES)
    def provider_edits(self, name: str, value: str) -> None:
        self.theirs[name] = value

    @rule(rules=RULES)
    def pull(self, rules: dict[str, Rule]) -> None:
        result = merge(
            theirs=self.theirs,
            effective=self.effective,
            overrides=self.overrides,
            conflicts=self.conflicts,
            at="now",
            rules=rules,
        )
        for each in result.decided:
            assert rules.get(each.name, Rule.ASK) is each.rule
            if each.rule is Rule.PROVIDER:
                self.ours.pop(each.name)
        for name in [name for name, value in self.ours.items() if value == self.theirs[name]]:
            self.ours.pop(name)
        self.effective, self.overrides, self.conflicts = dict(result.values), result.overrides, result.conflicts
        self.pulled = dict(self.theirs)

    @rule()
    def pull_twice(self) -> None:
        self.pull({})
        before = (dict(self.effective), dict(self.overrides), dict(self.conflicts))
        self.pull({})
        assert (self.effective, self.overrides, self.conflicts) == before

    @invariant()
    def what_staff_said_stands_until_it_is_agreed_or_a_rule_gives_way(self) -> None:
        assert {name: self.effective[name] for name in self.ours} == self.ours
        assert set(self.overrides) == set(self.ours)

    @invariant()
    def the_rest_is_the_provider_s(self) -> None:
        assert all(self.effective[name] == self.pulled[name] for name in self.pulled if name not in self.ours)

    @invariant()
    def every_conflict_shows_what_both_say_now(self) -> None:
        for name, held in self.conflicts.items():
            assert (held["ours"], held["theirs"]) == (self.ours[name], self.pulled[name])
            assert held["theirs"] not in (held["ours"], held["base"])


TestTwoSides = TwoSides.TestCase


def test_the_slightest_difference_is_named():
    assert pattern("Hexley Striders", "HEXLEY STRIDERS") is Pattern.CASE
    assert pattern("+44 7700 900123", "+447700900123") is Pattern.SPACING
    assert pattern("O'Brien", "o’brien") is Pattern.SPACING
    assert pattern("Siobhán", "Siobhan") is Pattern.ACCENTS
    assert pattern("", "Corbury") is Pattern.FILLED
    assert pattern("Corbury", None) is Pattern.EMPTIED
    assert pattern("1989-03-03", "1989-03-04") is Pattern.OTHER


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_difference_is_named_alike_from_either_side(one: str, other: str):
    swapped = {Pattern.FILLED: Pattern.EMPTIED, Pattern.EMPTIED: Pattern.FILLED}
    if one.strip() and other.strip():
        assert pattern(one, other) is pattern(other, one)
    elif one.strip() or other.strip():
        assert pattern(one, other) is swapped[pattern(other, one)]
