"""What every provider promises, whatever it is: run over all of them, against the sandbox."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from providers.errors import (
    CredentialsRejected,
    HostUnreachable,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    UnexpectedReply,
    Unsupported,
)
from providers.port import Action, Change, Page, Provider, Received
from providers.records import PERSON_FIELDS, Kind, Record
from providers.registry import PROVIDERS
from providers.sandbox import DEMO_KEYS, DEMO_SETTINGS, Sandbox
from providers.surprises import Why, glance, surprises
from tests.providers.conftest import HandClock

type Open = Callable[..., Provider]


@pytest.fixture(params=sorted(PROVIDERS))
def kind_of_provider(request: pytest.FixtureRequest) -> type[Provider]:
    return PROVIDERS[request.param]


@pytest.fixture
def sandbox(clock: HandClock) -> Sandbox:
    return Sandbox(size="s", now=clock())


@pytest.fixture
def open_provider(kind_of_provider: type[Provider], sandbox: Sandbox, clock: HandClock) -> Iterator[Open]:
    """Opens the provider on the sandbox; keys are closed at the end."""
    opened: list[Provider] = []

    def build(**options: Any) -> Provider:
        secrets = {field.name for field in kind_of_provider.connection_fields if field.secret}
        given = {
            "settings": {**DEMO_SETTINGS[kind_of_provider.key], "pace": "0"},
            "credentials": dict.fromkeys(secrets, DEMO_KEYS[kind_of_provider.key]),
            "transport": sandbox.transport(),
            "clock": clock,
            "sleep": lambda seconds: None,
        }
        opened.append(kind_of_provider(**(given | options)))
        return opened[-1]

    yield build
    for provider in opened:
        provider.close()


class Portal:
    """The least that a portal does: remember what it was told."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.held: dict[tuple[Kind, str], bytes] = {}
        self.records: list[Record] = []

    def known(self, kind: Kind) -> list[str]:
        return [external_id for held_kind, external_id in self.held if held_kind is kind]

    def walk(self, resource: str, cursor: str = "", *, full: bool = False) -> list[Page]:
        pages = []
        for page in self.provider.pull(resource, cursor, full=full, known=self.known):
            pages.append(page)
            for item in page.items:
                self._take(item)
        return pages

    def _take(self, item: Received) -> None:
        decoded = self.provider.decode(item)
        self.records.extend(decoded)
        self.held[item.kind, item.external_id] = item.fingerprint
        for record in decoded:
            self.held.setdefault((_kind(record), record.external_id), b"")


def _kind(record: Record) -> Kind:
    return Kind(re.sub(r"(?<!^)(?=[A-Z])", "_", type(record).__name__.removesuffix("Record")).lower())


def values(record: object) -> Iterator[object]:
    """Everything in a record, however deep."""
    if is_dataclass(record):
        for each in fields(record):
            yield from values(getattr(record, each.name))
    elif isinstance(record, tuple):
        for each in record:
            yield from values(each)
    else:
        yield record


def test_it_says_what_it_is(kind_of_provider: type[Provider]) -> None:
    assert re.fullmatch(r"[a-z]+", kind_of_provider.key)
    assert len(kind_of_provider.mark) == 2
    assert 1 <= kind_of_provider.channel <= 8
    assert kind_of_provider.default_base_url.startswith("https://")
    assert kind_of_provider.default_base_url.split("/")[2] in kind_of_provider.known_hosts
    names = [field.name for field in kind_of_provider.connection_fields]
    assert len(names) == len(set(names))
    assert any(field.secret for field in kind_of_provider.connection_fields)
    assert all(field.default or not field.required for field in kind_of_provider.connection_fields if field.advanced)


def test_marks_and_channels_tell_providers_apart() -> None:
    assert len({each.mark for each in PROVIDERS.values()}) == len(PROVIDERS)
    assert len({each.channel for each in PROVIDERS.values()}) == len(PROVIDERS)


def test_what_it_cannot_do_it_says_in_a_sentence(kind_of_provider: type[Provider]) -> None:
    able = kind_of_provider.capabilities
    for verb, can in (
        ("add_entry", able.add_entry),
        ("edit_entry", able.edit_entry),
        ("list_entries", able.lists_entries),
    ):
        assert can is (verb not in able.cannot)
    assert all(sentence.endswith(".") for sentence in able.cannot.values())
    assert able.needed_to_add <= able.entry_fields <= set(PERSON_FIELDS)


def test_a_check_says_what_the_account_is(open_provider: Open) -> None:
    account = open_provider().check()
    assert account.name
    assert account.facts


def test_every_walk_ends_and_every_record_can_be_read(open_provider: Open) -> None:
    portal = Portal(open_provider())
    for resource in (*portal.provider.resources, *portal.provider.resources):
        pages = portal.walk(resource.key)
        assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
        assert all(page.last for page in pages if page.complete)
        assert sum(page.requests for page in pages) > 0
        assert all(len(item.fingerprint) == 16 for page in pages for item in page.items)
        assert not any(page.rejected for page in pages)
    assert {resource.kind for resource in portal.provider.resources} <= {kind for kind, _ in portal.held}


def test_it_declares_what_its_records_look_like_and_they_do(open_provider: Open) -> None:
    portal = Portal(open_provider())
    contract = portal.provider.contract
    assert {resource.kind for resource in portal.provider.resources} <= contract.keys()
    as_declared = {kind: glance(shape) for kind, shape in contract.items()}
    items = [
        item for resource in portal.provider.resources for page in portal.walk(resource.key) for item in page.items
    ]
    odd = [item for item in items if not as_declared[item.kind](item.payload)]
    assert len(odd) < len(items) / 100
    assert {each.why for item in odd for each in surprises(item.payload, contract[item.kind])} <= {Why.NEW_WORD}


def test_records_hold_aware_utc_and_stripped_text(open_provider: Open) -> None:
    portal = Portal(open_provider())
    for resource in portal.provider.resources:
        portal.walk(resource.key)
    for value in (value for record in portal.records for value in values(record)):
        assert not isinstance(value, datetime) or value.utcoffset() == timedelta(0)
        assert not isinstance(value, str) or value == value.strip()
        assert not isinstance(value, float)


def test_walking_twice_tells_the_same(open_provider: Open) -> None:
    portal = Portal(open_provider())
    for resource in portal.provider.resources:
        portal.walk(resource.key, full=True)
        before = dict(portal.held)
        portal.walk(resource.key, full=True)
        assert portal.held == before


def test_going_on_from_a_cursor_never_ends_in_nothing_known(open_provider: Open) -> None:
    portal = Portal(open_provider())
    for resource in portal.provider.resources:
        pages = portal.walk(resource.key)
        held = set(portal.held)
        again = portal.walk(resource.key, pages[-1].cursor)
        assert again[-1].last
        assert held <= set(portal.held)


def test_reading_needs_no_wire(open_provider: Open, sandbox: Sandbox) -> None:
    provider = open_provider()
    items = [item for page in provider.pull(provider.resources[0].key, known=lambda kind: ()) for item in page.items]
    asked = len(sandbox.log)
    for item in items:
        provider.decode(item)
    assert len(sandbox.log) == asked


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status=401,times=forever", CredentialsRejected),
        ("revoke", CredentialsRejected),
        ("status=429,retry_after=17", RateLimited),
        ("status=500", ProviderUnavailable),
        ("status=503,times=forever", ProviderUnavailable),
        ("drop_before_write,times=forever", HostUnreachable),
        ("hang,times=forever", HostUnreachable),
        ("html,times=forever", UnexpectedReply),
        ("broken,times=forever", UnexpectedReply),
    ],
)
def test_a_bad_answer_ends_a_check_and_a_walk_with_the_same_error(
    open_provider: Open, sandbox: Sandbox, fault: str, error: type[ProviderError]
) -> None:
    provider = open_provider()
    for call in (provider.check, lambda: list(provider.pull(provider.resources[0].key, known=lambda kind: ()))):
        sandbox.faults.clear()
        sandbox.faults.add(f"{provider.key}:{fault}")
        with pytest.raises(error) as caught:
            call()
        assert str(caught.value).endswith(".")
        assert DEMO_KEYS[provider.key] not in f"{caught.value!r}{caught.value.detail}"
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after == 17


def test_a_wrong_key_is_rejected(open_provider: Open, kind_of_provider: type[Provider]) -> None:
    wrong = {field.name: "not-the-key" for field in kind_of_provider.connection_fields if field.secret}
    with pytest.raises(CredentialsRejected):
        open_provider(credentials=wrong).check()


def test_the_key_is_in_no_repr(open_provider: Open) -> None:
    provider = open_provider()
    assert DEMO_KEYS[provider.key] not in repr(provider)


def test_an_unknown_listing_is_a_mistake_of_the_caller(open_provider: Open) -> None:
    with pytest.raises(Unsupported):
        list(open_provider().pull("weather", known=lambda kind: ()))


def test_an_entry_is_taken_or_refused_as_a_whole_kind(open_provider: Open) -> None:
    provider = open_provider()
    change = Change(action=Action.ADD_ENTRY, reference="f" * 32, race_id="1")
    if provider.capabilities.add_entry:
        with pytest.raises(ProviderError) as caught:
            provider.push(change)  # there is no such race
        assert not isinstance(caught.value, Unsupported)
        assert len(provider.push_many([change, change])) == 2
    else:
        with pytest.raises(Unsupported):
            provider.push(change)


def test_an_entry_that_is_not_there_is_none(open_provider: Open) -> None:
    provider = open_provider()
    if provider.capabilities.look_up_entry:
        assert provider.look_up("f" * 32) is None
    else:
        with pytest.raises(Unsupported):
            provider.look_up("f" * 32)
