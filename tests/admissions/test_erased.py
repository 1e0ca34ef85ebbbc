"""Somebody whom the provider has erased: their name is at no gate, and who was let in is still counted."""

from collections.abc import Callable

import pytest
from django.db import transaction

from organiser_portal.admissions.models import Admission
from organiser_portal.connections.models import Connection, PayloadBundle, SourcePayload
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.apply import Applier
from providers.bundles import bundled
from providers.port import Page, Received
from providers.records import Kind
from tests.conftest import NOW
from tests.factories import synced
from tests.kept import kept
from tests.sync.plain import Plain, entry

type Take = Callable[[Received], object]


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return Connection.objects.create(organisation=organisation, provider="plain", label="Plain")


@pytest.fixture
def take(connection: Connection) -> Take:
    def taken(item: Received) -> object:
        applier = Applier(connection=connection, provider=Plain(), run_id=1, now=lambda: NOW)
        with transaction.atomic():
            return applier.apply(Page(items=(item,)), resource="entries")

    return taken


def test_the_name_goes_from_the_gate_and_the_admission_stays(connection: Connection, take: Take):
    erased, other = (
        Admission.objects.create(ticket=ticket, name="Tom Bell", admitted_at=NOW, **synced(connection))
        for ticket in ("T-1", "T-2")
    )
    for row in (erased, other):
        SourcePayload.objects.create(
            connection=connection, kind=Kind.ADMISSION, external_id=row.external_id, data=b"Tom Bell", fetched_at=NOW
        )
    take(entry("T-1", first_name="Tom", updated_at="2027-05-01T10:00:00+00:00"))
    take(entry("T-1", redacted=True, updated_at="2027-05-03T10:00:00+00:00"))
    assert dict(Admission.objects.values_list("ticket", "name")) == {"T-1": "", "T-2": "Tom Bell"}
    stored = SourcePayload.objects.filter(kind=Kind.ADMISSION).values_list("external_id", flat=True)
    assert list(stored) == [other.external_id]


def test_nor_is_it_in_the_bundle_of_a_first_load(connection: Connection, take: Take):
    erased, other = (Admission.objects.create(ticket=ticket, admitted_at=NOW, **synced(connection)) for ticket in "12")
    marks, data = bundled([(row.external_id, b"Tom Bell") for row in (erased, other)])
    PayloadBundle.objects.create(connection=connection, kind=Kind.ADMISSION, marks=marks, data=data, fetched_at=NOW)
    take(entry("1", redacted=True))
    assert kept(connection, Kind.ADMISSION).keys() == {other.external_id}
