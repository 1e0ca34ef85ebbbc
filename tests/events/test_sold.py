"""What races ask and sell: all that a page says is stored together, and what stays keeps its row."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.events.ingest import Catalogue
from organiser_portal.events.models import Product, Question, Sku
from organiser_portal.organisations.models import Organisation
from providers.records import Money, OptionRecord, ProductRecord, QuestionRecord, RaceRecord, SkuRecord
from tests.conftest import NOW
from tests.factories import make_connection

Take = Callable[..., list[str]]


@pytest.fixture
def take(organisation: Organisation) -> Take:
    """Store what a later run hears; gives what it said to the database."""
    connection = make_connection(organisation)

    def statements(*races: RaceRecord) -> list[str]:
        with CaptureQueriesContext(database) as caught:
            Catalogue(connection=connection, now=lambda: NOW).take((race, b"full") for race in races)
        return [query["sql"] for query in caught.captured_queries]

    return statements


def hoodie(*sizes: str, key: str = "hoodie", stock: int = 5) -> ProductRecord:
    price = Money(minor=2950, currency="GBP")
    skus = tuple(SkuRecord(external_id=size, title=f"Hoodie {size}", stock=stock, price=price) for size in sizes)
    return ProductRecord(key=key, title="Hoodie", max_quantity=2, skus=skus)


def race(
    number: int, *, asks: str = "Finish time", sells: ProductRecord | None = None, sold: int = 0, more: int = 0
) -> RaceRecord:
    pens = (OptionRecord(external_id="1", label="Front"),)
    pen = QuestionRecord(external_id="8", label="Pen", options=pens)
    questions = [QuestionRecord(external_id="7", label=asks), pen]
    questions += [QuestionRecord(external_id=f"x{each}", label="More") for each in range(more)]
    return RaceRecord(
        external_id=f"r{number}",
        event_id="e1",
        name="10K",
        sold=sold,
        questions=tuple(questions),
        products=(sells or hoodie("S", "M"),),
    )


def on(statements: list[str], *tables: str) -> list[str]:
    return [sql for sql in statements if any(f'"events_{table}"' in sql for table in tables)]


def test_many_races_take_as_many_statements_as_a_few(take: Take) -> None:
    few, many = take(*map(race, range(2))), take(*map(race, range(2, 42)))
    assert len(many) <= len(few), "the few brought their event, too"
    assert Question.objects.count() == Sku.objects.count() == 84
    assert Product.objects.count() == 42


def test_a_race_of_which_only_the_count_has_moved_writes_nothing_of_what_it_sells(take: Take) -> None:
    take(race(1), race(2))
    again = on(take(race(1, sold=3), race(2, sold=4)), "question", "product", "sku")
    assert len(again) == 3
    assert all(sql.startswith("SELECT") for sql in again)


def test_what_stays_keeps_its_row_and_what_is_not_said_any_more_is_gone(take: Take) -> None:
    take(race(1, sells=hoodie("S", "M"), more=1), race(2))
    before = {(row.listing.external_id, row.external_id): row.pk for row in Question.objects.select_related("listing")}
    size = Sku.objects.get(product__listing__external_id="r1", external_id="M").pk
    take(race(1, asks="Predicted time", sells=hoodie("M", "L", stock=0)), race(2, sells=hoodie("S", key="cap")))
    after = {(row.listing.external_id, row.external_id): row.pk for row in Question.objects.select_related("listing")}
    assert after == {key: pk for key, pk in before.items() if key != ("r1", "x0")}
    assert Question.objects.get(listing__external_id="r1", external_id="7").label == "Predicted time"
    mine = Sku.objects.filter(product__listing__external_id="r1")
    assert list(mine.values_list("external_id", "stock", "position")) == [("M", 0, 0), ("L", 0, 1)]
    assert mine.get(external_id="M").pk == size
    assert list(Product.objects.filter(listing__external_id="r2").values_list("key", flat=True)) == ["cap"]


def test_a_question_that_is_named_twice_is_asked_once(take: Take) -> None:
    twice = (QuestionRecord(external_id="7", label="Time"), QuestionRecord(external_id="7", label="Finish time"))
    take(RaceRecord(external_id="r1", event_id="e1", questions=twice))
    assert Question.objects.get().label == "Finish time"


def test_a_race_that_is_said_twice_sells_what_was_said_last(take: Take) -> None:
    take(race(1, sells=hoodie("S")), race(1, sells=hoodie("L")))
    assert Sku.objects.get().external_id == "L"
