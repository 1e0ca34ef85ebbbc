"""The whole way of an entry: typed here, sent, refused, mended, confirmed; against the pretended provider."""

from datetime import timedelta

import pytest
from django.test import Client

from organiser_portal.connections.models import Connection, OutboundChange, PushState, SyncState
from organiser_portal.connections.services import Details, create_connection, test_connection
from organiser_portal.core.encryption import Secrets
from organiser_portal.events.models import Listing, Question
from organiser_portal.participants.models import Entry
from organiser_portal.sync import push
from organiser_portal.sync.engine import run_state
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS, Sandbox
from tests.conftest import NOW

test_connection.__test__ = False  # pytest takes the service for a test
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


@pytest.fixture
def sandbox(settings) -> Sandbox:
    sandbox = Sandbox(size="s", now=NOW)
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    return sandbox


@pytest.fixture
def listing(sandbox, organisation) -> Listing:
    """A race that has been pulled, and asks something."""
    details = Details(
        settings={"pace": "100", **DEMO_SETTINGS["eventrac"]}, credentials=Secrets({"api_key": DEMO_KEYS["eventrac"]})
    )
    connection = create_connection(organisation=organisation, provider="eventrac", details=details, actor=None, now=NOW)
    test_connection(connection=connection, actor=None, now=NOW)
    for state in SyncState.objects.filter(connection=connection, resource__in=["events", "races"]).order_by("id"):
        run_state(state.pk)
    return Listing.objects.filter(accepts_entries=True, questions__mandatory=True).first()


def send() -> None:
    push.drain(Connection.objects.get().pk)


def add(client: Client, listing: Listing, **values: str) -> Entry:
    page = client.get("/o/fellgate/entries/add/", {"race": listing.race_id})
    told = {
        "token": page.context["form"]["token"].value(),
        "race": listing.race_id,
        "destination": listing.pk,
        "first_name": "Zoë",
        "last_name": "Ní Dhomhnaill",
        "email": "zoe@mail.example",
        **{f"answers.{question.external_id}": "54" for question in listing.questions.filter(mandatory=True)},
        **values,
    }
    assert client.post("/o/fellgate/entries/add/", told).status_code == 303
    return Entry.objects.get()


def test_an_entry_typed_here_arrives_there_and_bears_its_number(sign_in, editor, sandbox, listing):
    client = sign_in(editor)
    entry = add(client, listing)
    send()
    [there] = sandbox.eventrac.stored(entry.reference)
    entry.refresh_from_db()
    assert (entry.push_state, entry.external_id) == (PushState.CONFIRMED, str(there["id"]))
    assert f"as number {there['id']}" in client.get(f"/o/fellgate/entries/{entry.pk}/state/").content.decode()


def test_a_dropped_answer_never_doubles_an_entry(sign_in, editor, sandbox, listing, clock):
    entry = add(sign_in(editor), listing)
    sandbox.faults.add("eventrac:drop_after_write,method=POST")
    send()
    clock.shift(timedelta(hours=1))
    send()
    entry.refresh_from_db()
    assert entry.push_state == PushState.CONFIRMED
    assert len(sandbox.eventrac.stored(entry.reference)) == 1


def test_a_refused_answer_is_mended_on_its_field_and_then_confirmed(sign_in, editor, sandbox, listing):
    question = listing.questions.get(mandatory=True)
    Question.objects.filter(pk=question.pk).update(mandatory=False)  # we had not heard that it must be answered
    client = sign_in(editor)
    entry = add(client, listing, **{f"answers.{question.external_id}": ""})
    send()
    assert OutboundChange.objects.get().state == PushState.REJECTED
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/")
    form = page.context["form"]
    assert "eventrac says" in form[f"answers.{question.external_id}"].errors[0]
    told = {bound.html_name: str(value) for bound in form if (value := bound.value()) is not None}
    client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**told, f"answers.{question.external_id}": "54"})
    send()
    entry.refresh_from_db()
    assert entry.push_state == PushState.CONFIRMED
    assert len(sandbox.eventrac.stored(entry.reference)) == 1


def test_an_edit_reaches_the_provider(sign_in, editor, sandbox, listing):
    client = sign_in(editor)
    entry = add(client, listing)
    send()
    form = client.get(f"/o/fellgate/entries/{entry.pk}/edit/").context["form"]
    told = {bound.html_name: str(value) for bound in form if (value := bound.value()) is not None}
    client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**told, "city": "Corbury"})
    send()
    [there] = sandbox.eventrac.stored(entry.reference)
    assert there["address_city"] == "Corbury"
    assert OutboundChange.objects.filter(state=PushState.CONFIRMED).count() == 2
