"""An answer was lost, and what came after it was no answer either: nobody may say that it was not done."""

from collections.abc import Iterator

import pytest

from providers.errors import AccessDenied, CredentialsRejected, OutcomeUnknown, ProviderError, RateLimited
from providers.letsdothis.client import LetsDoThis
from providers.operations import Verb
from providers.sandbox import Sandbox
from tests.providers.letsdothis.test_operations import HOSPICE, give, group_of
from tests.providers.letsdothis.test_sandbox_story import NOON, build

LOST = "letsdothis:status=500,after_write,method={},times=1"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(size="s", now=NOON)


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[LetsDoThis]:
    with build(sandbox) as opened:
        yield opened


@pytest.mark.parametrize(
    ("then", "met"),
    [
        ("status=429,retry_after=9", RateLimited),
        ("revoke", CredentialsRejected),
        ("status=403,times=9", AccessDenied),
    ],
)
def test_a_change_that_may_be_there_is_never_said_not_to_be(
    provider: LetsDoThis, sandbox: Sandbox, then: str, met: type[ProviderError]
) -> None:
    group_id = give(provider, sandbox)
    sandbox.faults.add(LOST.format("PATCH"))
    sandbox.faults.add(f"letsdothis:{then},method=PATCH")
    with pytest.raises(OutcomeUnknown) as caught:
        provider.perform(Verb.EDIT_GROUP, subject=group_id, values={"capacity": 31})
    assert isinstance(caught.value.met, met)
    assert group_of(sandbox, group_id)["maxCapacity"] == 31


def test_a_key_that_is_refused_when_it_is_looked_for_is_not_used_again(provider: LetsDoThis, sandbox: Sandbox) -> None:
    sandbox.faults.add(LOST.format("POST"))
    sandbox.faults.add("letsdothis:revoke,method=GET,skip=1")
    with pytest.raises(OutcomeUnknown) as caught:
        provider.perform(Verb.CREATE_PARTNER, values=HOSPICE)
    assert isinstance(caught.value.met, CredentialsRejected)
    assert len([call for call in sandbox.calls("letsdothis") if call.status == 401]) == 1
