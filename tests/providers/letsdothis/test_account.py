"""Testing the key: one row of one listing, and what the key says about itself."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from providers.errors import AccessDenied, CredentialsRejected, HostUnreachable, NotFound, UnexpectedReply
from providers.port import Account
from tests.providers.letsdothis.world import Remote, client, row

# The clock of `client` stands at the first of January 2029.
AHEAD = int(datetime(2030, 3, 4, tzinfo=UTC).timestamp())
SOON = int(datetime(2029, 1, 9, tzinfo=UTC).timestamp())
PAST = int(datetime(2028, 12, 24, tzinfo=UTC).timestamp())


def token(claims: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256'})}.{part(claims)}.c2lnbmF0dXJl"


def check(api_key: str, remote: Remote | None = None) -> Account:
    with client(remote or Remote(rows=[row("a"), row("b")]), api_key=api_key) as provider:
        return provider.check()


def test_the_test_is_one_row_of_participants_with_the_key_as_bearer():
    remote = Remote(rows=[row("a"), row("b")])
    check("a-key", remote)
    (request,) = remote.asked
    assert request.url.path == "/v0/participants"
    assert remote.params(0) == {"page[size]": "1", "sort[updatedAt]": "1", "extendMetadata": "true"}
    assert request.headers["Authorization"] == "Bearer a-key"


def test_an_address_without_participants_is_told_from_a_wrong_key():
    remote = Remote(answers={0: httpx.Response(404, json={"statusCode": 404, "message": "Route not found"})})
    with pytest.raises(NotFound, match=r"base URL.*https://api\.letsdothis\.com/v0"):
        check("a-key", remote)


@pytest.mark.parametrize(("said", "quoted"), [({}, "."), ({"message": "Not in your plan"}, ": Not in your plan.")])
def test_where_it_is_not_allowed_what_is_known_is_told_from_what_may_be(said: dict[str, str], quoted: str):
    remote = Remote(answers={0: httpx.Response(403, json=said)})
    with pytest.raises(AccessDenied) as caught:
        check("a-key", remote)
    assert caught.value.sentence == (
        f"Let's Do This accepts the key but does not allow this{quoted} It does not say when that is so: it may be "
        "your account, or the rights of this key. Ask Let's Do This to let it read participants, then test again."
    )


def test_a_key_that_is_not_allowed_anything_and_has_expired_is_told_so():
    with pytest.raises(AccessDenied, match="expired on 24 December 2028"):
        check(token({"exp": PAST}), Remote(answers={0: httpx.Response(403)}))


def test_organiser_expiry_and_number_of_participants_are_shown():
    account = check(token({"organiserId": 4711, "exp": AHEAD}))
    assert account.name == "Organiser 4711"
    assert ("Organiser id", "4711") in account.facts
    assert ("Key expires", "4 March 2030") in account.facts
    assert ("Participants", "2") in account.facts
    assert account.warnings == ()


def test_the_difference_of_the_clocks_is_shown_as_a_diagnostic():
    remote = Remote(now=datetime(2028, 12, 31, 23, 59, 30, tzinfo=UTC))
    assert ("Their clock", "-30 s against ours") in check("a-key", remote).facts


def test_a_key_about_to_expire_is_a_warning():
    (warning,) = check(token({"exp": SOON})).warnings
    assert "expires on 9 January 2029" in warning


def test_a_key_past_its_own_date_that_still_works_is_a_warning_and_no_error():
    (warning,) = check(token({"exp": PAST})).warnings
    assert "expired on 24 December 2028" in warning


@pytest.mark.parametrize(
    "api_key",
    ["plain", "a.b", "a.b.c", "..", "a.!!!.c", token([1]), token({"exp": "soon"}), token({"exp": 1e300}), token({})],
)
def test_a_key_that_says_nothing_readable_works_all_the_same(api_key: str):
    account = check(api_key)
    assert account.name == "Let's Do This account"
    assert account.warnings == ()


def test_a_refused_key_says_what_to_do_and_never_the_key():
    key = token({"organiserId": 4711})
    with pytest.raises(CredentialsRejected) as caught:
        check(key, Remote(answers={0: httpx.Response(401, json={"message": f"bad {key}"})}))
    assert "credentials" in str(caught.value)
    assert key not in str(caught.value) + caught.value.detail


def test_a_refused_key_that_has_expired_is_told_so():
    with pytest.raises(CredentialsRejected, match="expired on 24 December 2028"):
        check(token({"exp": PAST}), Remote(answers={0: httpx.Response(401)}))


def test_a_key_with_line_breaks_is_refused_before_it_is_sent():
    remote = Remote()
    with pytest.raises(CredentialsRejected):
        check("half\nkey", remote)
    assert not remote.asked


def test_a_page_of_another_site_is_not_an_account():
    with pytest.raises(UnexpectedReply):
        check("a-key", Remote(answers={0: httpx.Response(200, html="<html>Welcome</html>")}))


def test_a_host_that_does_not_answer_is_named():
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with client(down) as provider, pytest.raises(HostUnreachable, match=r"api\.letsdothis\.com"):
        provider.check()


def test_an_event_added_by_hand_that_is_not_ours_is_a_warning():
    unknown = {2: httpx.Response(404, json={"message": "Event not found"})}
    remote = Remote(rows=[row("a")], answers=unknown | {1: httpx.Response(200, json={"data": []})})
    with client(remote, event_ids="48, 999") as provider:
        (warning,) = provider.check().warnings
    assert "999" in warning
    assert "48" not in warning
