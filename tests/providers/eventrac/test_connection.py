"""What a connection needs, and what its test says."""

import httpx
import pytest

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    HostUnreachable,
    ProviderUnavailable,
    RateLimited,
    UnexpectedReply,
    Unsupported,
)
from providers.eventrac.client import Eventrac
from tests.providers.eventrac.conftest import ORGANISER, Build, event, jsend, knowing
from tests.providers.wire import Routes


def test_a_working_connection_says_what_it_is(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [event(1), event(2, has_future_races=False)])
    account = eventrac.check()
    assert account.name == "Organiser 77"
    assert dict(account.facts) == {"Organiser ID": "77", "Events": "2", "Events with races to come": "1"}
    assert account.warnings == ()


def test_an_organiser_without_events_is_worth_a_warning(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [])
    assert eventrac.check().warnings


def test_the_key_goes_out_bare(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [])
    eventrac.check()
    assert far.requests[0].headers["authorization"] == "the-key"
    assert str(far.requests[0].url) == "https://www.eventrac.co.uk/api/v3/organisers/77/events"


def test_white_space_around_what_was_pasted_does_no_harm(build: Build, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [])
    build(api_key=" the-key\n", settings={"organiser_id": " 77 "}).check()
    assert far.requests[0].headers["authorization"] == "the-key"


def test_a_wrong_organiser_id_is_told_from_a_wrong_key(eventrac: Eventrac, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", httpx.Response(404))
    with pytest.raises(AccessDenied, match=r"key works.*no organiser 77: the organiser ID is wrong"):
        eventrac.check()


def test_where_the_key_is_not_let_in_it_may_be_the_id_or_the_key_and_what_to_do_is_said(
    eventrac: Eventrac, far: Routes
) -> None:
    far.on(f"GET {ORGANISER}", httpx.Response(403))
    with pytest.raises(AccessDenied) as caught:
        eventrac.check()
    sentence = caught.value.sentence
    assert "does not let it see organiser 77" in sentence
    assert "is wrong" not in sentence
    assert sentence.endswith("If the ID is yours, ask eventrac's organiser support to allow it for this key.")


def test_an_address_of_ones_own_may_be_what_is_wrong(build: Build, far: Routes) -> None:
    far.on("GET /v9/organisers/77/events", httpx.Response(404))
    with pytest.raises(AccessDenied, match=r"base URL.*https://www\.eventrac\.co\.uk/api/v3"):
        build(base_url="https://events.example/v9").check()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(401), CredentialsRejected),
        (httpx.Response(429, headers={"Retry-After": "30"}), RateLimited),
        (httpx.Response(500, html="<h1>Oops</h1>"), ProviderUnavailable),
        (httpx.Response(200, html="<h1>Log in</h1>"), UnexpectedReply),
        (httpx.ConnectTimeout("slow"), HostUnreachable),
        (httpx.Response(200, json={"status": "error", "message": "no", "code": 401}), CredentialsRejected),
    ],
)
def test_what_is_wrong_has_its_own_error(
    eventrac: Eventrac, far: Routes, answer: httpx.Response, error: type[Exception]
) -> None:
    far.on(f"GET {ORGANISER}", answer)
    with pytest.raises(error):
        eventrac.check()


def test_a_base_url_of_ones_own_is_used(build: Build, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", [])
    build(base_url="http://127.0.0.1:8001/api/v3").check()
    assert str(far.requests[0].url) == "http://127.0.0.1:8001/api/v3/organisers/77/events"


def test_an_organiser_id_cannot_lead_elsewhere(build: Build, far: Routes) -> None:
    with pytest.raises(AccessDenied):
        build(settings={"organiser_id": "../events/1"}).check()
    assert far.asked() == ["GET /organisers/..%2Fevents%2F1/events"]


def test_the_envelope_seen_is_learned(build: Build, far: Routes) -> None:
    far.on(f"GET {ORGANISER}", jsend({"events": [event(1)]}))
    eventrac = build(learned={"bulk_path": "/participants"})
    eventrac.check()
    assert eventrac.learned == {"bulk_path": "/participants", "envelope": "jsend"}


def test_two_requests_a_second_unless_the_connection_says_otherwise(
    build: Build, far: Routes, naps: list[float]
) -> None:
    far.on(f"GET {ORGANISER}", [])
    eventrac = build(settings={"pace": ""})
    eventrac.check()
    eventrac.check()
    assert naps == [0.5]


def test_only_the_key_is_secret() -> None:
    assert [field.name for field in Eventrac.connection_fields if field.secret] == ["api_key"]
    assert {field.name for field in Eventrac.connection_fields if field.advanced} == {"bulk_path", "pace"}


def test_the_key_is_in_no_repr(eventrac: Eventrac) -> None:
    assert "the-key" not in f"{eventrac!r}{vars(eventrac)!r}"


def test_a_listing_that_it_does_not_have_is_a_mistake_of_ours(eventrac: Eventrac) -> None:
    with pytest.raises(Unsupported):
        list(eventrac.pull("entries", known=knowing()))


def test_every_thing_it_cannot_do_is_a_sentence() -> None:
    cannot = Eventrac.capabilities.cannot
    assert {"list_entries", "withdraw_entry", "move_entry"} <= set(cannot)
    assert all(sentence.endswith(".") and len(sentence) > 40 for sentence in cannot.values())
