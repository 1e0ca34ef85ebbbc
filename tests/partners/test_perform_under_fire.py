"""A press of a button while the provider misbehaves: it reaches them once at most, and what we say of it is true."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from organiser_portal.connections.models import AttemptState, Connection, SyncState
from organiser_portal.connections.operations import NotDone
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.partners.models import PartnerAction
from organiser_portal.partners.services import Wish, perform
from providers.operations import Verb
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.conftest import connected

FAULTS = (
    "status=500", "status=500,after_write", "status=503,retry_after=7", "status=503,retry_after=7,after_write",
    "status=429,retry_after=7", "status=503,body=html", "html", "broken", "truncate", "hang", "hang_after_write",
    "hang_mid_body", "drop_before_write", "drop_after_write", "drop_after_write=reset", "revoke",
    "status=405", "status=413,body=html", "status=418", "status=451,body=html",
)  # fmt: skip
CONTACT: Mapping[str, Mapping[str, Any]] = {
    "letsdothis": {"kind": "CHARITY", "contacts": [{"email": "lee@hospice.example"}]},
    "trackier": {},
}
HELD: Mapping[str, Callable[[Sandbox], list[object]]] = {
    "letsdothis": lambda sandbox: [each.body["name"] for each in sandbox.letsdothis.organiser.partners],
    "trackier": lambda sandbox: [each.name for each in sandbox.trackier.network.affiliates.values()],
}


@pytest.mark.parametrize("provider", CONTACT)
def test_a_new_partner_is_made_once_at_most(
    organisation: Organisation, manager: User, sandbox: Sandbox, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # they look whether it arrived, and look again
    connection = connected(organisation, sandbox, provider)
    for number, fault in enumerate(FAULTS):
        name = f"Hospice {number}"
        said = said_of(connection, manager, sandbox, name, fault)
        held = HELD[provider](sandbox).count(name)
        assert held <= 1, fault
        assert said in ((AttemptState.DONE,) if held else (AttemptState.FAILED, AttemptState.REFUSED)) or (
            said == AttemptState.UNKNOWN
        ), fault


def said_of(connection: Connection, manager: User, sandbox: Sandbox, name: str, fault: str) -> str:
    """What stands in the trail after this fault. One call that writes was made."""
    values = {"name": name, "email": f"{name[8:]}@hospice.example", **CONTACT[connection.provider]}
    sandbox.faults.clear()
    sandbox.faults.add(f"{connection.provider}:{fault},method=POST,times=1")
    sandbox.log.clear()
    with suppress(NotDone):
        perform(connection=connection, wish=Wish(verb=Verb.CREATE_PARTNER, values=values), actor=manager, now=NOW)
    assert [call.method for call in sandbox.calls(connection.provider)].count("POST") == 1, fault
    action = PartnerAction.objects.latest("pk")
    assert action.sentence or action.state == AttemptState.DONE, fault
    return action.state


def test_an_edit_that_is_refused_in_part_says_so_and_is_looked_at_again(
    organisation: Organisation, manager: User, sandbox: Sandbox
) -> None:
    connection = connected(organisation, sandbox, "trackier")
    campaign = next(iter(sandbox.trackier.network.campaigns.values()))
    SyncState.objects.filter(connection=connection).update(due_at=NOW + timedelta(hours=4))
    sandbox.faults.add("trackier:status=422,method=POST,skip=1,times=1")
    wish = Wish(verb=Verb.EDIT_CAMPAIGN, subject=campaign.id, values={"name": "Taken", "visibility": "private"})
    with pytest.raises(NotDone, match="has taken Name"):
        perform(connection=connection, wish=wish, actor=manager, now=NOW)
    assert campaign.title == "Taken"
    assert PartnerAction.objects.get().state == AttemptState.UNKNOWN
    assert SyncState.objects.get(connection=connection, resource="campaigns").due_at == NOW
