"""Tables and keyset pages: what the address asks for, and pages that neither skip nor repeat."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from organiser_portal.core import keyset, walks
from organiser_portal.core.columns import Column
from organiser_portal.core.keyset import Count, KeysetPage, Order
from organiser_portal.core.tables import Table
from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation
from tests.factories import RACE_DAY, make_event

TABLE = Table(
    sort="name",
    columns=(
        Column(key="name", heading="Name", fields=("name",), sort="name", locked=True),
        Column(key="date", heading="Date", fields=("starts_at",), sort="starts_at", nullable=True, default=True),
        Column(key="sport", heading="Sport", fields=("sport",)),
        Column(key="secret", heading="Secret", fields=("sport",), sort="sport", sensitive=True),
    ),
)


def keys(view):
    return [column.key for column in view.chosen]


@pytest.mark.parametrize(
    "address, expected",
    [
        ("", ["name", "date"]),
        ("columns=sport,date", ["name", "sport", "date"]),
        ("columns=sport&columns=name", ["sport", "name"]),
        ("columns=sport,sport", ["name", "sport"]),
        ("columns=nonsense", ["name", "date"]),
        ("columns=secret", ["name", "date"]),
    ],
)
def test_columns_come_from_the_address_and_the_locked_one_is_always_there(address, expected):
    assert keys(TABLE.read(QueryDict(address))) == expected


def test_a_sensitive_column_is_offered_only_to_those_who_may():
    address = QueryDict("columns=secret&sort=secret")
    assert keys(TABLE.read(address, sensitive=True)) == ["name", "secret"]
    assert TABLE.read(address, sensitive=True).sort == "secret"
    assert TABLE.read(address).sort == "name"


@pytest.mark.parametrize("asked", ["", "nonsense", "sport", "--name", "-nonsense"])
def test_a_sort_that_does_not_exist_is_the_usual_one(asked):
    assert TABLE.read(QueryDict(f"sort={asked}")).sort == "name"


def test_headings_know_what_pressing_them_does():
    headings = {h.column.key: (h.aria, h.press) for h in TABLE.read(QueryDict("sort=-date")).headings()}
    assert headings == {"name": ("", "name"), "date": ("descending", "date")}


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "9" * 30, "²", ""])
def test_a_place_that_is_no_number_is_no_place(text):
    address = QueryDict(mutable=True)
    address["after"] = text
    assert TABLE.read(address).after is None


def ids(queryset):
    return queryset.values("id")


@contextmanager
def few_are_many(*, cap, near):
    """What takes thousands of rows, with a handful."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walks, "CAP", cap)
        patch.setattr(walks, "NEAR", near)
        yield


class TestPages(TestCase):
    """Every row once, in order, forwards and backwards, whatever is tied or missing."""

    @given(
        days=st.lists(st.none() | st.integers(0, 4), max_size=14),
        size=st.integers(1, 5),
        descending=st.booleans(),
        narrowed=st.sampled_from(["no", "to a few", "to many"]),
    )
    def test_walking_there_and_back_meets_every_row_once(self, days, size, descending, narrowed):
        organisation = Organisation.objects.create(name="Walk", slug="walk")
        event = make_event(organisation)
        for day in days:
            starts_at = None if day is None else RACE_DAY + timedelta(days=day)
            Race.objects.create(organisation=organisation, event=event, name="R", starts_at=starts_at)
            Race.objects.create(organisation=organisation, event=event, name="S", starts_at=starts_at)
        everything = Race.objects.of(organisation)
        races = everything if narrowed == "no" else everything.filter(name="R")
        order = Order("starts_at", descending=descending, nullable=True)
        expected = list(races.order_by(*order.by()).values_list("id", flat=True))
        at = {"size": size, "shape": ids, "everything": everything, "narrowed": narrowed != "no"}
        # Few and near enough that both ways of finding before sorting are walked.
        with few_are_many(cap=0 if narrowed == "to many" else 1_000, near=3):
            self.walk(races, order, expected, at)
        Organisation.objects.all().delete()

    def walk(self, races, order, expected, at):
        size = at["size"]
        pages = [keyset.page(races, order, **at)]
        while pages[-1].next:
            pages.append(keyset.page(races, order, **at, after=pages[-1].next))
        assert [row["id"] for page in pages for row in page.rows] == expected
        firsts = [page.first.number for page in pages if page.rows]
        if not any(page.first.capped for page in pages):
            assert firsts == [1 + size * number for number in range(len(firsts))]

        for later, earlier in zip(pages[:0:-1], pages[-2::-1], strict=False):
            back = keyset.page(races, order, **at, before=later.previous)
            assert [row["id"] for row in back.rows] == [row["id"] for row in earlier.rows]
            assert back.next == back.rows[-1]["id"]
        assert pages[0].previous is None
        for number, pk in enumerate(expected):
            place = keyset.place_in(races, order, pk, everything=at["everything"] if at["narrowed"] else None)
            assert (place.previous, place.next) == (
                expected[number - 1] if number else None,
                expected[number + 1] if number + 1 < len(expected) else None,
            )
            assert place.number.capped or place.number.number == number + 1


@pytest.fixture
def races(organisation):
    event = make_event(organisation)
    Race.objects.bulk_create(Race(organisation=organisation, event=event, name=f"R{n:02}") for n in range(12))
    return Race.objects.of(organisation)


def test_counting_stops_at_the_cap_and_says_so(races):
    assert str(keyset.count(races, cap=5)) == "more than 5"
    assert str(keyset.count(races, cap=12)) == "12"


@pytest.mark.parametrize(
    "rows, first, count, text",
    [
        ([], Count(1), Count(0), "None"),
        (["a"], Count(1), Count(1), "1 of 1"),
        (["a", "b"], Count(51), Count(2_412), "51–52 of 2,412"),
        (["a", "b"], Count(1), Count(1_000, capped=True), "1–2 of more than 1,000"),
        (["a", "b"], Count(1_000, capped=True), Count(1_000, capped=True), "2 beyond the first 1,000"),
    ],
)
def test_a_page_says_where_it_stands_and_claims_no_more_than_it_counted(rows, first, count, text):
    assert str(KeysetPage(rows=rows, count=count, first=first, previous=None, next=None)) == text


def test_the_place_of_a_row_that_is_gone_means_the_first_page(races):
    page = keyset.page(races, Order("name"), size=5, after=10**9, shape=ids)
    assert str(page) == "1–5 of 12"


def test_a_row_that_no_longer_matches_still_marks_the_place(races):
    fifth = races.get(name="R04")
    others = races.exclude(pk=fifth.pk)
    page = keyset.page(others, Order("name"), size=3, after=fifth.pk, shape=ids, everything=races)
    assert [row["id"] for row in page.rows] == [races.get(name=name).pk for name in ("R05", "R06", "R07")]


def test_fewer_rows_in_front_than_a_page_give_the_whole_first_page(races):
    third = races.get(name="R02")
    assert str(keyset.page(races, Order("name"), size=5, before=third.pk, shape=ids)) == "1–5 of 12"


def test_a_page_costs_at_most_four_queries(races, django_assert_max_num_queries):
    middle = races.get(name="R06")
    with django_assert_max_num_queries(4):
        keyset.page(races, Order("name"), size=3, after=middle.pk, shape=ids)
