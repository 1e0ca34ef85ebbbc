"""PostgreSQL is asked everything that SQLite was asked, by few of the tests."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.asked import Asked, needed, to_ask_again


def test_every_kind_of_statement_is_asked_by_one_that_is_needed() -> None:
    asked = {
        "wide": Asked(20, frozenset("abc")),
        "within": Asked(50, frozenset("ab")),
        "alone": Asked(90, frozenset("az")),
    }
    chosen = needed(asked)
    assert chosen == {"wide", "alone"}
    assert needed({}) == set()


@pytest.mark.parametrize("commits", [False, True])
def test_what_others_ask_is_left_out_unless_it_commits_or_was_never_noted(tmp_path: Path, commits: bool) -> None:
    def item(name: str, **marked: bool) -> SimpleNamespace:
        mark = SimpleNamespace(kwargs=marked)
        return SimpleNamespace(nodeid=name, fixturenames=[], get_closest_marker=lambda _: mark)

    lines = [["wide", 2, ["a", "b"]], ["within", 9, ["a"]]]
    (tmp_path / "1.jsonl").write_text("\n".join(map(json.dumps, lines)))
    items = [item("wide"), item("within", transaction=commits), item("new")]
    kept = [each.nodeid for each in to_ask_again(tmp_path, items)]  # type: ignore[arg-type]
    assert kept == (["wide", "within", "new"] if commits else ["wide", "new"])
