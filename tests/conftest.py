"""The cast and the clock.

Olive owns, Mina manages, Ed edits, Vic views; Stan is a stranger with an organisation of his own.
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from tests import emptied, migrated

NOW = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)
# Few examples, and others in each run: `make torture` asks for many. A machine that has other things to do is no
# mistake of what is tested.
EXAMPLES = int(os.environ.get("TORTURE_EXAMPLES", "25"))
STORIES = int(os.environ.get("TORTURE_EXAMPLES", "8"))  # of those that take as long as a test each
settings.register_profile("suite", max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
emptied.empty_after_tests()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """None of these thousands of tests is garbage: looking for some takes two fifths of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def asks_a_database(item: pytest.Item) -> bool:
    """Anything else that opens a connection is refused one."""
    has_mark = item.get_closest_marker("django_db") is not None
    is_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    return has_mark or is_case or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


def commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(mark and mark.kwargs.get("transaction"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL nothing is run that asks no database: SQLite's run has shown it already."""
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not asks_a_database(item)])
        items[:] = filter(asks_a_database, items)
        # Of what commits, and comes last, what waits longest is begun first: others have something to do meanwhile.
        items.sort(key=lambda item: (commits(item), item.get_closest_marker("torture") is None))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """What Django's own fixture does, and the database that it makes has been migrated already."""
    with django_db_blocker.unblock():
        migrated.lay_out()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Django asks SQLite once whether it knows JSON, and in some tests the database pretends to be away."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(name="Fellgate Events", slug="fellgate")


def member(organisation: Organisation, email: str, role: Role) -> User:
    user = User.objects.create_user(email, "correct horse battery")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return member(organisation, "olive@fellgate.example", Role.OWNER)


@pytest.fixture
def manager(organisation: Organisation) -> User:
    return member(organisation, "mina@fellgate.example", Role.MANAGER)


@pytest.fixture
def editor(organisation: Organisation) -> User:
    return member(organisation, "ed@fellgate.example", Role.EDITOR)


@pytest.fixture
def viewer(organisation: Organisation) -> User:
    return member(organisation, "vic@fellgate.example", Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> User:
    other = Organisation.objects.create(name="Elsewhere Races", slug="elsewhere")
    return member(other, "stan@elsewhere.example", Role.OWNER)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("ada@portal.example", "correct horse battery")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""
    return signed_in


@pytest.fixture
def cache_away(settings: Any) -> Iterator[None]:
    """Nobody listens where the shared cache should be."""
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}
    yield
    caches["process"].clear()
