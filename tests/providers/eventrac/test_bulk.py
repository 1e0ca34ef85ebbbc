"""Many adds in one call: which path, in which portions, and which answer belongs to whom."""

import httpx
import pytest

from providers.errors import (
    AlreadyThere,
    Refused,
)
from providers.eventrac.client import Eventrac
from providers.port import Receipt
from tests.providers.eventrac.bulk_answers import FIRST, SECOND, answer, failed, objecting, read_back, remote_ids
from tests.providers.eventrac.conftest import Build, jsend, sent
from tests.providers.eventrac.people import REFERENCE, add, edit, saved, several
from tests.providers.wire import Routes, turns


def test_several_adds_are_one_call(eventrac: Eventrac, far: Routes) -> None:
    changes = several(3)
    far.on(FIRST, answer(changes))
    assert remote_ids(eventrac.push_many(changes)) == ["1000", "1001", "1002"]
    assert len(far.requests) == 1
    for item, change in zip(sent(far)["participants"], changes, strict=True):
        assert item["race_id"] == 30551
        assert (item["external_reference"], item["email"]) == (change.reference, change.person.email)


def test_a_single_add_takes_the_single_call(eventrac: Eventrac, far: Routes) -> None:
    far.on("POST /races/30551/participants", saved(add()))
    assert remote_ids(eventrac.push_many([add()])) == ["512077"]


def test_adds_and_edits_come_back_in_the_order_given(eventrac: Eventrac, far: Routes) -> None:
    one, two = several(2)
    far.on(FIRST, answer([one, two]))
    far.on(f"PUT /participants/{REFERENCE}", saved(edit()))
    assert remote_ids(eventrac.push_many([one, edit("phone"), two])) == ["1000", "512077", "1001"]


def test_a_hundred_at_a_time(eventrac: Eventrac, far: Routes) -> None:
    changes = several(250)
    far.on(FIRST, turns(answer(changes[:100]), answer(changes[100:200]), answer(changes[200:])))
    outcomes = eventrac.push_many(changes)
    assert [len(sent(far, call)["participants"]) for call in range(3)] == [100, 100, 50]
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)


def test_an_add_without_a_reference_is_kept_out(eventrac: Eventrac, far: Routes) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes))
    outcomes = eventrac.push_many([changes[0], add(reference=""), changes[1]])
    assert remote_ids(outcomes) == ["1000", "Refused", "1001"]
    assert len(sent(far)["participants"]) == 2


# Which path


def test_auto_tries_the_other_path_on_404_or_405_and_remembers(build: Build, far: Routes) -> None:
    for status in (404, 405):
        changes = several(2)
        far.on(FIRST, httpx.Response(status))
        far.on(SECOND, answer(changes))
        eventrac = build()
        assert remote_ids(eventrac.push_many(changes)) == ["1000", "1001"]
        assert eventrac.learned["bulk_path"] == "/participants"


def test_what_was_learned_is_tried_first(build: Build, far: Routes) -> None:
    changes = several(2)
    far.on(SECOND, answer(changes))
    build(learned={"bulk_path": "/participants"}).push_many(changes)
    assert far.asked() == [SECOND]


def test_a_path_that_was_set_is_the_only_one(build: Build, far: Routes) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes))
    far.on("POST /races/30551/participants", saved(add()))
    build(settings={"bulk_path": "/participants"}).push_many(changes)
    assert far.asked() == [SECOND, *["POST /races/30551/participants"] * 2]


@pytest.mark.parametrize("status", [401, 422, 429, 500, 503])
def test_no_other_status_makes_it_try_the_other_path(eventrac: Eventrac, far: Routes, status: int) -> None:
    far.on(FIRST, httpx.Response(status))
    eventrac.push_many(several(2))
    assert SECOND not in far.asked()
    assert "bulk_path" not in eventrac.learned


def test_nor_does_a_timeout(eventrac: Eventrac, far: Routes) -> None:
    far.on(FIRST, httpx.ReadTimeout("slow"))
    assert remote_ids(eventrac.push_many(several(2))) == ["OutcomeUnknown"] * 2
    assert far.asked() == [FIRST]


def test_without_any_bulk_path_they_go_one_by_one(eventrac: Eventrac, far: Routes) -> None:
    far.on("POST /races/30551/participants", turns(saved(add(), 1), saved(add(), 2)))
    assert remote_ids(eventrac.push_many(several(2))) == ["1", "2"]


@pytest.mark.parametrize("status", [200, 422])
def test_a_batch_that_is_refused_as_a_whole_is_sent_one_by_one_to_find_out_why(
    eventrac: Eventrac, far: Routes, status: int
) -> None:
    far.on(FIRST, httpx.Response(status, json={"status": "error", "message": "too many", "code": 422, "data": []}))
    no = httpx.Response(422, json={"status": "error", "code": 422, "data": {"email": {"email": "odd"}}})
    far.on("POST /races/30551/participants", turns(saved(add(), 1), no))
    outcomes = eventrac.push_many(several(2))
    assert remote_ids(outcomes) == ["1", "Refused"]
    assert isinstance(outcomes[1], Refused)
    assert list(outcomes[1].field_errors) == ["email"]


# Partial failure


@pytest.mark.parametrize("status", [200, 422])
@pytest.mark.parametrize("wrap", [lambda body: body, jsend, lambda body: {"data": body}, objecting])
def test_the_good_ones_are_saved_although_others_failed(
    eventrac: Eventrac, far: Routes, status: int, wrap: type
) -> None:
    changes = several(3)
    body = answer(changes, i1=failed(changes[1], dob={"date": "no date"}))
    far.on(FIRST, httpx.Response(status, json=wrap(body)))
    outcomes = eventrac.push_many(changes)
    assert remote_ids(outcomes) == ["1000", "Refused", "1002"]
    assert isinstance(outcomes[1], Refused)
    assert list(outcomes[1].field_errors) == ["birth_date"]
    assert len(far.requests) == 1


def test_an_item_with_errors_failed_even_if_the_flag_denies_it(eventrac: Eventrac, far: Routes) -> None:
    changes = several(2)
    body = answer(changes, i0=failed(changes[0], email={"email": "odd"})) | {"hasErrors": False}
    far.on(FIRST, body)
    assert remote_ids(eventrac.push_many(changes)) == ["Refused", "1001"]


def test_a_reference_that_is_taken_asks_for_a_look(eventrac: Eventrac, far: Routes) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes, i0=failed(changes[0], external_reference={"unique": "taken"})))
    assert isinstance(eventrac.push_many(changes)[0], AlreadyThere)


# Whose is whose


def test_references_settle_first_in_whatever_order(eventrac: Eventrac, far: Routes) -> None:
    changes = several(3)
    items = [saved(change, 1000 + index, external_reference=change.reference) for index, change in enumerate(changes)]
    far.on(FIRST, {"hasErrors": False, "participants": items[::-1]})
    assert remote_ids(eventrac.push_many(changes)) == ["1000", "1001", "1002"]
    assert len(far.requests) == 1


@pytest.mark.parametrize(
    "other", [{"race_id": 999}, {"race_id": None}, {"first_name": "Zoe"}, {"last_name": "Someone"}]
)
def test_an_item_is_whose_race_and_names_it_bears(eventrac: Eventrac, far: Routes, other: dict[str, object]) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes, i0=saved(changes[0], 1000, **other)))
    far.on(f"GET /participants/{changes[0].reference}", read_back(changes[0], 77))
    assert remote_ids(eventrac.push_many(changes)) == ["77", "1001"]


def test_an_answer_in_another_order_is_settled_by_who_each_is(eventrac: Eventrac, far: Routes) -> None:
    changes = several(4)
    items = [saved(change, 1000 + index) for index, change in enumerate(changes)]
    far.on(FIRST, {"hasErrors": False, "participants": items[::-1]})
    assert remote_ids(eventrac.push_many(changes)) == ["1000", "1001", "1002", "1003"]
    assert len(far.requests) == 1


def test_two_of_one_name_are_asked_for_whatever_their_place(eventrac: Eventrac, far: Routes) -> None:
    twins = [add(reference=f"{number:032x}") for number in range(2)]
    far.on(FIRST, {"hasErrors": False, "participants": [saved(twins[1], 51), saved(twins[0], 50)]})
    for number, each in enumerate(twins):
        far.on(f"GET /participants/{each.reference}", read_back(each, 50 + number))
    assert remote_ids(eventrac.push_many(twins)) == ["50", "51"]


def test_what_a_lone_item_without_names_is_follows_from_the_others(eventrac: Eventrac, far: Routes) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes, i0={"id": 1000, "race_id": 30551, "first_name": "", "last_name": None}))
    assert remote_ids(eventrac.push_many(changes)) == ["1000", "1001"]


def test_a_place_does_not_count_where_a_reference_shows_another_order(eventrac: Eventrac, far: Routes) -> None:
    changes = [add(reference=f"{number:032x}") for number in range(3)]  # three people of one name
    items = [saved(changes[1], 1), failed(changes[0], email={"email": "odd"}), saved(changes[2], 3)]
    far.on(FIRST, {"hasErrors": True, "participants": items})
    far.on(f"GET /participants/{changes[1].reference}", read_back(changes[1], 1))
    far.on(f"GET /participants/{changes[2].reference}", read_back(changes[2], 3))
    assert remote_ids(eventrac.push_many(changes)) == ["Refused", "1", "3"]


def test_an_answer_of_another_length_is_settled_by_asking(eventrac: Eventrac, far: Routes) -> None:
    changes = several(3)
    far.on(FIRST, {"hasErrors": False, "participants": [saved(changes[0], 1000), saved(changes[2], 1002)]})
    far.on(f"GET /participants/{changes[0].reference}", read_back(changes[0], 1000))
    far.on(f"GET /participants/{changes[2].reference}", read_back(changes[2], 1002))
    assert remote_ids(eventrac.push_many(changes)) == ["1000", "OutcomeUnknown", "1002"]


@pytest.mark.parametrize("found", [httpx.Response(404), httpx.Response(500), {"id": 5, "race_id": 999}])
def test_what_nothing_settles_is_never_called_saved(eventrac: Eventrac, far: Routes, found: object) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes, i0={"race_id": 30551}))
    far.on(f"GET /participants/{changes[0].reference}", found)
    assert remote_ids(eventrac.push_many(changes)) == ["OutcomeUnknown", "1001"]


def test_two_nameless_objections_are_nobodys(eventrac: Eventrac, far: Routes) -> None:
    changes = several(3)
    far.on(FIRST, answer(changes, i0={"errors": {"email": {"email": "odd"}}}, i1={"errors": {"dob": {"date": "no"}}}))
    assert remote_ids(eventrac.push_many(changes)) == ["OutcomeUnknown", "OutcomeUnknown", "1002"]


def test_a_nameless_objection_is_believed_once_the_entry_is_seen_to_be_missing(eventrac: Eventrac, far: Routes) -> None:
    changes = several(2)
    far.on(FIRST, answer(changes, i0={"errors": {"email": {"email": "odd"}}}))
    assert remote_ids(eventrac.push_many(changes)) == ["Refused", "1001"]
    assert far.asked() == [FIRST, f"GET /participants/{changes[0].reference}"]
