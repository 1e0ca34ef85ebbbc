"""An answer was lost, and what came after it was no answer either: nobody may say that it was not done."""

import httpx
import pytest

from providers.errors import AccessDenied, CredentialsRejected, OutcomeUnknown, ProviderError, RateLimited
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.trackier.objects import Affiliate
from providers.trackier.client import Trackier
from tests.providers.conftest import HandClock
from tests.providers.trackier.campaigning import NEW as NEW_CAMPAIGN
from tests.providers.trackier.conftest import Build, account, replying, walk
from tests.providers.trackier.test_operations import NEW, partner

__all__ = ["partner"]

UPGRADE = {"success": False, "error": {"code": 50, "message": "System upgrade"}}


@pytest.mark.parametrize(
    ("then", "met"),
    [
        ("status=429,retry_after=9", RateLimited),
        ("revoke", CredentialsRejected),
        ("status=403,times=9", AccessDenied),
    ],
)
def test_a_change_that_may_be_there_is_never_said_not_to_be(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate, then: str, met: type[ProviderError]
) -> None:
    trackier.check()
    sandbox.faults.add("trackier:status=500,after_write,method=POST,times=1")
    sandbox.faults.add(f"trackier:{then}" if then == "revoke" else f"trackier:{then},method=POST")
    with pytest.raises(OutcomeUnknown) as caught:
        trackier.perform(Verb.EDIT_PARTNER, subject=partner.id, values={"name": "Renamed"})
    assert isinstance(caught.value.met, met)
    assert partner.name == "Renamed"


def test_a_key_that_is_refused_when_it_is_looked_for_says_so(trackier: Trackier, sandbox: Sandbox) -> None:
    trackier.check()
    sandbox.faults.add("trackier:status=500,after_write,method=POST,times=1")
    sandbox.faults.add("trackier:revoke,path=affiliate$|account,method=GET,skip=1")
    with pytest.raises(OutcomeUnknown) as caught:
        trackier.perform(Verb.CREATE_PARTNER, values=NEW)
    assert isinstance(caught.value.met, CredentialsRejected)


def test_an_upgrade_that_says_how_long_it_takes_is_left_alone(build: Build) -> None:
    """To a read, and to a write, which is not sent once more before then."""
    told = httpx.Response(503, json=UPGRADE, headers={"Retry-After": "9"})
    with pytest.raises(RateLimited, match="being upgraded") as limited:
        walk(build(replying(told)), "partners")
    assert limited.value.retry_after == 9

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=account()) if request.method == "GET" else told

    with pytest.raises(OutcomeUnknown) as lost:
        build(httpx.MockTransport(answer)).perform(Verb.EDIT_PARTNER, subject="a" * 24, values={"name": "Renamed"})
    assert lost.value.retry_after == 9


def an_hour_ago(clock: HandClock) -> str:
    """The beginning of an id that was made then."""
    return f"{int(clock().timestamp()) - 3600:08x}"


def test_a_partner_who_was_there_before_is_not_the_one_that_was_made(
    trackier: Trackier, sandbox: Sandbox, partner: Affiliate, clock: HandClock
) -> None:
    """Nothing arrived: what was typed about the partner is nowhere."""
    partner.id = an_hour_ago(clock) + partner.id[8:]
    sandbox.faults.add("trackier:drop_before_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        trackier.perform(Verb.CREATE_PARTNER, values=NEW | {"email": partner.email})


@pytest.mark.parametrize("arrives", [True, False])
def test_a_campaign_that_was_there_before_is_not_the_one_that_was_made(
    trackier: Trackier, sandbox: Sandbox, clock: HandClock, arrives: bool
) -> None:
    campaigns = sandbox.trackier.network.campaigns
    before = campaigns[trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW_CAMPAIGN).external_id]
    del campaigns[before.id]
    before.id = an_hour_ago(clock) + before.id[8:]
    campaigns[before.id] = before
    sandbox.faults.add(f"trackier:drop_{'after' if arrives else 'before'}_write,method=POST")
    if not arrives:
        with pytest.raises(OutcomeUnknown):
            trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW_CAMPAIGN)
        return
    made = trackier.perform(Verb.CREATE_CAMPAIGN, values=NEW_CAMPAIGN).external_id
    assert made in campaigns.keys() - {before.id}
