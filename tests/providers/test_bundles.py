"""What goes into a bundle comes out of it, and nobody is in one who should not be."""

from hypothesis import given
from hypothesis import strategies as st

from providers.bundles import FEWEST, MOST, Bundle, bundled, bundles_of, opened
from providers.pages import mark_of, words
from providers.port import Received
from providers.records import EntryRecord, EventRecord, Kind, Record


def received(number: int, kind: Kind = Kind.ENTRY, payload: bytes = b'{"club":"Hexley"}') -> Received:
    return Received(kind=kind, external_id=f"{number}", fingerprint=b"", payload=payload)


def read(item: Received, *, redacted: bool = False) -> Record:
    return EntryRecord(external_id=item.external_id, event_id="e", race_id="r", redacted=redacted)


def ids_in(bundle: Bundle) -> list[str]:
    return [external_id for external_id, _ in opened(bundle.data)]


@given(st.lists(st.tuples(st.text(), st.binary())))
def test_whatever_the_ids_and_whatever_the_bytes_they_come_out_as_they_were(kept: list[tuple[str, bytes]]) -> None:
    marks, data = bundled(kept)
    assert opened(data) == kept
    assert list(words(marks)) == [mark_of(external_id) for external_id, _ in kept]


@given(
    st.lists(st.sampled_from(["read", "erased", "not read", "empty", "another kind"]), min_size=30, max_size=3 * MOST)
)
def test_all_of_a_page_are_in_its_bundles_but_the_erased_and_the_unread(how: list[str]) -> None:
    page = [
        received(
            number, Kind.EVENT if each == "another kind" else Kind.ENTRY, b"" if each == "empty" else b"%d" % number
        )
        for number, each in enumerate(how)
    ]
    records: list[Record | None] = [
        None if each == "not read" else read(item, redacted=each == "erased")
        for item, each in zip(page, how, strict=True)
    ]
    bundles = bundles_of(page, records)
    for bundle in bundles:
        assert opened(bundle.data) == [(page[place].external_id, page[place].payload) for place in bundle.places]
        assert len({page[place].kind for place in bundle.places}) == 1
        assert FEWEST <= len(bundle.places) <= MOST
    inside = sorted(place for bundle in bundles for place in bundle.places)
    wanted = [[place for place, each in enumerate(how) if each == one] for one in ("read", "another kind")]
    assert inside == sorted(place for places in wanted if len(places) >= FEWEST for place in places)


def test_records_are_shared_out_evenly() -> None:
    page = [received(number) for number in range(MOST + 1)]
    assert [len(each.places) for each in bundles_of(page, list(map(read, page)))] == [51, 50]


def test_somebody_erased_is_in_none() -> None:
    page = [received(number) for number in range(FEWEST + 1)]
    records = [read(item, redacted=item.external_id == "3") for item in page]
    (bundle,) = bundles_of(page, records)
    assert "3" not in ids_in(bundle)
    assert mark_of("3") not in words(bundle.marks)


def test_what_has_no_person_in_it_is_kept_as_well() -> None:
    page = [received(number, Kind.EVENT) for number in range(FEWEST)]
    (bundle,) = bundles_of(page, [EventRecord(external_id=item.external_id) for item in page])
    assert len(ids_in(bundle)) == FEWEST


def test_records_that_are_alike_pack_against_each_other() -> None:
    page = [
        received(number, payload=b'{"bib":%d,"club":"Hexley Harriers","race":"10K"}' % number) for number in range(50)
    ]
    (bundle,) = bundles_of(page, list(map(read, page)))
    assert len(bundle.data) < sum(len(item.payload) for item in page) / 4
