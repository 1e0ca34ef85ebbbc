"""What is done before its turn is done once, and is the same."""

import pytest

from organiser_portal.connections.packing import unpack
from organiser_portal.sync.beforehand import Beforehand
from providers.errors import BadRecord
from providers.port import Page
from tests.sync.plain import Plain, entry


def test_a_record_is_read_once_and_its_payload_packed() -> None:
    provider = Plain()
    beforehand, item = Beforehand(provider), entry("1", first_name="Ada")
    beforehand.prepare(Page(items=(item,)))
    assert beforehand.decode(item) == Plain().decode(item)
    assert provider.decoded == 1
    assert unpack(beforehand.pack(item)) == item.payload


def test_what_was_not_prepared_or_has_had_its_turn_is_read_when_it_is_wanted() -> None:
    provider = Plain()
    beforehand, item = Beforehand(provider), entry("1", first_name="Ada")
    beforehand.prepare(Page(items=(item,)))
    beforehand.forget([item, entry("2")])
    assert beforehand.decode(item) == Plain().decode(item)
    assert provider.decoded == 2
    assert unpack(beforehand.pack(item)) == item.payload


def test_a_bad_record_is_bad_when_its_turn_comes() -> None:
    beforehand, bad, good = Beforehand(Plain()), entry("1", broken=True), entry("2")
    beforehand.prepare(Page(items=(bad, good)))
    with pytest.raises(BadRecord):
        beforehand.decode(bad)
    assert beforehand.decode(good)
