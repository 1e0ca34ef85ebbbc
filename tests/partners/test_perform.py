"""One press of a button: what is written down before, what comes of it, and what nobody may lose."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from organiser_portal.connections.models import AttemptState, Connection, Standing, SyncState
from organiser_portal.connections.operations import NotDone, operations_of
from organiser_portal.organisations.models import AuditRecord, User
from organiser_portal.partners.models import Partner, PartnerAction, ReservedGroup
from organiser_portal.partners.services import Wish, last_sent, perform
from organiser_portal.sync.dispatch import free_all
from providers.operations import Done, Verb
from providers.sandbox.world import Sandbox
from tests.conftest import NOW

HOSPICE: Mapping[str, Any] = {
    "name": "Harbour Hospice",
    "kind": "CHARITY",
    "contacts": [{"email": "lee@hospice.example"}],
}


@pytest.fixture
def partner(connection: Connection, manager: User) -> Partner:
    do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE)
    return Partner.objects.get(name="Harbour Hospice")


def do(connection: Connection, actor: User, verb: Verb, **wish: Any) -> Done:
    return perform(connection=connection, wish=Wish(verb=verb, **wish), actor=actor, now=NOW)


def places(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    """What is needed to give thirty places at some event."""
    event_id, editions = next(iter(sandbox.letsdothis.organiser.events.items()))
    ticket = editions[-1].races[0].tickets[0].id
    values = {"name": "Hospice runners", "capacity": 30, "tickets": [ticket], "kind": "SINGLE_USE"} | more
    return {"subject": event_id, "values": values}


def test_a_new_partner_is_here_at_once_and_its_listing_is_due(connection: Connection, partner: Partner, manager: User):
    assert partner.contacts[0]["email"] == "lee@hospice.example"
    action = PartnerAction.objects.get()
    assert (action.state, action.actor, action.partner) == (AttemptState.DONE, manager, partner)
    assert SyncState.objects.get(connection=connection, resource="partners").due_at == NOW


def test_the_trail_says_who_did_what_and_nothing_of_people(partner: Partner, manager: User):
    line = AuditRecord.objects.get()
    assert (line.action, line.subject, line.actor) == ("partners.create_partner", "Harbour Hospice", manager)
    assert "lee@" not in f"{line.detail}{line.subject}"
    assert "lee@" not in str(PartnerAction.objects.values())


def test_a_charity_is_given_places_and_sent_its_link_once(
    connection: Connection, partner: Partner, manager: User, sandbox: Sandbox
):
    do(connection, manager, Verb.CREATE_GROUP, **places(sandbox, partner=partner.external_id))
    group = ReservedGroup.objects.get()
    assert (group.partner, group.capacity, group.left) == (partner, 30, 30)
    assert last_sent(partner) is None
    values = {"email": "lee@hospice.example", "group": group.external_id}
    wish = {"subject": partner.external_id, "partner": partner, "group": group, "values": values}
    done = do(connection, manager, Verb.SEND_CLAIM_LINK, **wish)
    link = dict(done.facts)["Claim link"]
    sent = last_sent(partner, group=group)
    assert sent is not None
    assert sent.at == NOW
    assert link not in str(list(PartnerAction.objects.values())) + str(list(AuditRecord.objects.values()))
    assert len(sandbox.letsdothis.organiser.outbox) == 1


def test_an_edit_is_seen_at_once(connection: Connection, partner: Partner, manager: User):
    do(connection, manager, Verb.EDIT_PARTNER, subject=partner.external_id, partner=partner, values={"name": "Care"})
    partner.refresh_from_db()
    assert partner.name == "Care"


def test_places_taken_away_are_gone_at_once(connection: Connection, manager: User, sandbox: Sandbox, partner: Partner):
    made = do(connection, manager, Verb.CREATE_GROUP, **places(sandbox, partner=partner.external_id))
    group = ReservedGroup.objects.get()
    do(connection, manager, Verb.DELETE_GROUP, subject=made.external_id, group=group)
    group.refresh_from_db()
    assert group.gone_at == NOW


def test_a_refusal_names_the_field_and_is_written_down(connection: Connection, manager: User):
    with pytest.raises(NotDone) as caught:
        do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE | {"name": "A"})
    assert set(caught.value.field_errors) == {"name"}
    assert not caught.value.unknown
    assert PartnerAction.objects.get().state == AttemptState.REFUSED


def test_an_answer_that_was_lost_says_look_before_repeating(
    connection: Connection, partner: Partner, manager: User, sandbox: Sandbox
):
    sandbox.faults.add("letsdothis:drop_after_write,path=claim-link")
    with pytest.raises(NotDone, match="Look at Let's Do This before you do it again") as caught:
        do(connection, manager, Verb.SEND_CLAIM_LINK, subject=partner.external_id, partner=partner)
    assert caught.value.unknown
    sent = last_sent(partner)
    assert sent is not None
    assert sent.state == AttemptState.UNKNOWN
    assert len(sandbox.letsdothis.organiser.outbox) == 1


def under_way(connection: Connection, partner: Partner, manager: User, minutes: int) -> None:
    """An attempt to send a link that began so long ago and has not ended."""
    do(connection, manager, Verb.SEND_CLAIM_LINK, subject=partner.external_id, partner=partner)
    PartnerAction.objects.filter(verb=Verb.SEND_CLAIM_LINK.value).update(
        state=AttemptState.SENDING, at=NOW - timedelta(minutes=minutes)
    )


def test_the_same_thing_is_not_under_way_twice(
    connection: Connection, partner: Partner, manager: User, sandbox: Sandbox
):
    under_way(connection, partner, manager, minutes=1)
    with pytest.raises(NotDone, match="under way"):
        do(connection, manager, Verb.SEND_CLAIM_LINK, subject=partner.external_id, partner=partner)
    assert len(sandbox.letsdothis.organiser.outbox) == 1


def test_an_attempt_that_died_in_the_middle_does_not_block_for_ever(
    connection: Connection, partner: Partner, manager: User
):
    under_way(connection, partner, manager, minutes=11)
    do(connection, manager, Verb.SEND_CLAIM_LINK, subject=partner.external_id, partner=partner)
    states = PartnerAction.objects.filter(verb=Verb.SEND_CLAIM_LINK.value).values_list("state", flat=True)
    assert list(states) == [AttemptState.DONE, AttemptState.UNKNOWN]


@pytest.mark.parametrize(("minutes", "state"), [(11, AttemptState.UNKNOWN), (9, AttemptState.SENDING)])
def test_an_attempt_that_died_in_the_middle_is_not_under_way_for_ever(
    connection: Connection, partner: Partner, manager: User, minutes: int, state: AttemptState
):
    """Nobody asks for the same again: the minute sees to it. Whatever it says, the link may have been sent."""
    under_way(connection, partner, manager, minutes=minutes)
    free_all(now=NOW)
    sent = last_sent(partner)
    assert sent is not None
    assert sent.state == state
    assert ("Look at Let's Do This" in sent.sentence) is (state == AttemptState.UNKNOWN)


def test_a_key_that_is_refused_parks_the_connection(connection: Connection, manager: User, sandbox: Sandbox):
    sandbox.faults.add("letsdothis:revoke")
    with pytest.raises(NotDone):
        do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE)
    connection.refresh_from_db()
    assert connection.standing == Standing.NEEDS_ATTENTION
    assert PartnerAction.objects.get().state == AttemptState.FAILED


def test_a_key_that_is_refused_when_a_lost_answer_is_looked_for_parks_it_too(
    connection: Connection, manager: User, sandbox: Sandbox
):
    sandbox.faults.add("letsdothis:status=500,after_write,method=POST,times=1;letsdothis:revoke,method=GET,skip=1")
    with pytest.raises(NotDone, match="may or may not") as caught:
        do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE)
    connection.refresh_from_db()
    assert caught.value.unknown
    assert connection.standing == Standing.NEEDS_ATTENTION
    assert "key" in connection.standing_reason
    assert PartnerAction.objects.get().state == AttemptState.UNKNOWN


@pytest.mark.parametrize(("asked", "soon"), [(3, "10 s"), (59, "1 min"), (61, "2 min"), (7200, "2 h")])
def test_who_is_asked_to_wait_is_told_how_long(
    connection: Connection, manager: User, sandbox: Sandbox, asked: int, soon: str
):
    sandbox.faults.add(f"letsdothis:status=429,retry_after={asked},method=POST")
    with pytest.raises(NotDone, match=f"asks us to wait before we call again. Try again in {soon}."):
        do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE)


def test_a_paused_connection_is_left_in_peace(connection: Connection, manager: User, sandbox: Sandbox):
    connection.standing = Standing.PAUSED
    with pytest.raises(NotDone, match="paused"):
        do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE)
    assert not PartnerAction.objects.exists()


def test_a_key_that_was_refused_is_not_used_until_somebody_has_tested_it(
    connection: Connection, manager: User, sandbox: Sandbox
):
    sandbox.faults.add("letsdothis:revoke")
    for _ in range(2):
        with pytest.raises(NotDone, match="does not accept the key"):
            do(connection, manager, Verb.CREATE_PARTNER, values=HOSPICE)
        connection.refresh_from_db()
    assert len(sandbox.calls("letsdothis")) == 1
    assert PartnerAction.objects.count() == 1


def test_what_a_provider_cannot_do_is_not_tried(connection: Connection, manager: User):
    with pytest.raises(NotDone, match="cannot do that"):
        do(connection, manager, Verb.PAUSE_CAMPAIGN)
    connection.provider = "nobody"
    assert operations_of(connection) == {}
