"""An outbound change as it is stored, and as a provider takes it."""

from datetime import date

import pytest

from organiser_portal.sync.changes import UnreadableChange, read_change
from providers.port import Action
from providers.records import Gender, OrderLine


def read(values):
    return read_change(action="add_entry", reference="ref", race_id="R", external_id="", values=values)


def test_every_part_of_a_stored_change_is_read() -> None:
    change = read(
        {
            "person": {"first_name": "Ada", "birth_date": "1990-03-05", "gender": "f", "club": None, "shoe": "42"},
            "answers": [{"question_id": 7701, "label": "Pen", "value": "88101"}],
            "orders": [{"sku_id": 61001, "quantity": "2"}],
            "affiliations": {"uk-athletics": "123"},
            "metadata": {"source": "portal"},
            "fields": ["first_name"],
            "was": {"first_name": "Eda"},
        }
    )
    assert change.action is Action.ADD_ENTRY
    assert (change.person.first_name, change.person.birth_date) == ("Ada", date(1990, 3, 5))
    assert (change.person.gender, change.person.club) == (Gender.FEMALE, "")
    assert change.answers[0].question_id == "7701"
    assert change.orders == (OrderLine(sku_id="61001", quantity=2),)
    assert change.affiliations == (("uk-athletics", "123"),)
    assert change.fields == {"first_name"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"person": {"birth_date": "5 March 1990"}},
        {"person": {"gender": "x"}},
        {"orders": [{"sku_id": "1"}]},
        {"answers": ["yes"]},
    ],
)
def test_what_cannot_be_read_says_so_without_its_values(values) -> None:
    with pytest.raises(UnreadableChange) as caught:
        read(values)
    assert "March" not in str(caught.value)
