"""The cast and the clock.

Olive owns, Mina manages, Ed edits, Vic views; Stan is a stranger with an organisation of his own.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role

NOW = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(name="Fellgate Events", slug="fellgate")


def _member(organisation: Organisation, email: str, role: Role) -> User:
    user = User.objects.create_user(email, "correct horse battery")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return _member(organisation, "olive@fellgate.example", Role.OWNER)


@pytest.fixture
def manager(organisation: Organisation) -> User:
    return _member(organisation, "mina@fellgate.example", Role.MANAGER)


@pytest.fixture
def editor(organisation: Organisation) -> User:
    return _member(organisation, "ed@fellgate.example", Role.EDITOR)


@pytest.fixture
def viewer(organisation: Organisation) -> User:
    return _member(organisation, "vic@fellgate.example", Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> User:
    other = Organisation.objects.create(name="Elsewhere Races", slug="elsewhere")
    return _member(other, "stan@elsewhere.example", Role.OWNER)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("ada@portal.example", "correct horse battery")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of
