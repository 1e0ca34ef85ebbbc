"""The dictionary for entries holds nobody of the sandbox, not even who has booked for all."""

import msgspec
import pytest

from providers.commonplaces import commonplaces
from providers.letsdothis.client import LetsDoThis
from providers.packing import BY_ITSELF, Packing
from providers.port import Received
from providers.records import EntryRecord, Kind
from providers.sandbox.world import Sandbox

SHARED = ("gender", "city", "country", "nationality")  # events have some of them, too
BOOKED_ALL = {"id": "u4711", "firstName": "Nkechi", "lastName": "Adeyemi", "emailAddress": "nkechi@mail.example"}


@pytest.fixture(scope="module")
def provider() -> LetsDoThis:
    sandbox = Sandbox(size="s")
    site = sandbox.site("letsdothis")
    return LetsDoThis(
        settings={**site.demo_settings, "pace": "999"},
        credentials={"api_key": site.demo_key},
        base_url=sandbox.base_url("letsdothis"),
        transport=sandbox.transport(),
    )


@pytest.fixture(scope="module")
def items(provider: LetsDoThis) -> list[Received]:
    pages = provider.pull("entries", full=True, known=lambda _: ())
    return [item for page in pages for item in page.items if item.kind is Kind.ENTRY][:500]


def booked_by_one(item: Received) -> bytes:
    return msgspec.json.encode({**msgspec.json.decode(item.payload), "booker": BOOKED_ALL})


def said_of_people(provider: LetsDoThis, items: list[Received]) -> set[str]:
    said: set[str] = set(BOOKED_ALL.values())
    for item in items:
        record = provider.decode(item)[0]
        assert isinstance(record, EntryRecord)
        who = msgspec.structs.asdict(record.person)
        said |= {text for name, text in who.items() if isinstance(text, str) and name not in SHARED}
        said |= {record.booker_name, record.booker_email, record.bib, record.external_id, record.booking_id}
    return said - {""}


def test_nobody_is_in_it(provider: LetsDoThis, items: list[Received]) -> None:
    dictionary = commonplaces([booked_by_one(item) for item in items], provider.impersonal[Kind.ENTRY])
    assert b'"slug":' in dictionary
    for text in said_of_people(provider, items):
        assert msgspec.json.encode(text) not in dictionary
        assert "@" not in text or text.encode() not in dictionary


def test_it_halves_what_is_stored(provider: LetsDoThis, items: list[Received]) -> None:
    payloads = [item.payload for item in items]
    packing = Packing(commonplaces(payloads[:250], provider.impersonal[Kind.ENTRY]))
    later = payloads[250:]
    assert later
    assert sum(len(packing.pack(each)) for each in later) < sum(len(BY_ITSELF.pack(each)) for each in later) / 1.5
