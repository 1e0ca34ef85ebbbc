"""The one door to the providers: who there is, and a client opened with a connection's credentials."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from django.conf import settings
from django.db import transaction

from organiser_portal.connections import pace
from organiser_portal.connections.addresses import PinnedTransport, check_address
from organiser_portal.connections.models import Connection
from organiser_portal.core.encryption import CannotDecrypt, Secrets
from providers.errors import AddressRefused, CredentialsRejected, ProviderError, Refused
from providers.port import Account, Capabilities, Provider, Resource
from providers.records import PersonQuestion
from providers.registry import PROVIDERS
from providers.turns import kept_by


class UnknownProvider(LookupError):
    """No provider of this key is registered. ``str()`` is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What pages show of a provider. Not the class itself: a template would call it."""

    key: str
    label: str
    mark: str
    channel: int
    default_base_url: str = ""
    resources: tuple[Resource, ...] = ()
    capabilities: Capabilities = field(default_factory=Capabilities)


def provider_class(key: str) -> type[Provider]:
    """Raises UnknownProvider."""
    try:
        return PROVIDERS[key]
    except KeyError:
        raise UnknownProvider(f"There is no provider {key!r}. There are: {', '.join(PROVIDERS)}.") from None


def provider_classes() -> list[type[Provider]]:
    return list(PROVIDERS.values())


def face(key: str) -> Face:
    """The provider as pages show it; a neutral stand-in for a key nobody knows."""
    known = PROVIDERS.get(key)
    if known is None:
        return Face(key=key, label=key or "Unknown", mark=key[:2] or "?", channel=4)
    return Face(
        key=known.key,
        label=known.label,
        mark=known.mark,
        channel=known.channel,
        default_base_url=known.default_base_url,
        resources=known.resources,
        capabilities=known.capabilities,
    )


def connection_name(connection: Connection) -> str:
    """ "Provider" or "Provider, label"."""
    label = face(connection.provider).label
    return f"{label}, {connection.label}" if connection.label else label


@contextmanager
def open_provider(connection: Connection, *, transport: httpx.BaseTransport | None = None) -> Iterator[Provider]:
    """The provider's client, with this connection's credentials, at an address that may be called.

    What the client learned meanwhile is kept. Raises UnknownProvider, AddressRefused, CredentialsRejected (also when
    the stored ones cannot be opened), and whatever is raised inside.
    """
    kind = provider_class(connection.provider)
    pinned = check_address(kind, connection.base_url, allowed=connection.base_url_allowed)
    own = transport or getattr(settings, "PROVIDER_TRANSPORT", None)
    wire = own or (PinnedTransport(pinned) if pinned else None)
    credentials = _opened(connection)
    with (
        pace.keeper(own) as keeper,
        kept_by(keeper),
        _built(kind, connection, credentials=credentials, transport=wire) as provider,
    ):
        provider.keep = lambda: _keep_learned(connection, provider)
        try:
            yield provider
        except ProviderError:
            _keep_learned(connection, provider)
            raise
        _keep_learned(connection, provider)


def check_connection(connection: Connection) -> Account:
    """Make the cheapest authenticated call. Raises what is wrong, as ``open_provider`` and ``Provider.check`` do."""
    with open_provider(connection) as provider:
        return provider.check()


def objections(
    kind: type[Provider], plain_settings: Mapping[str, str], base_url: str, *, allowed: bool
) -> dict[str, list[str]]:
    """What the address policy and the provider have against these settings: name → texts. Nothing is called.

    Names are those of the connection fields, "base_url", or "" for what concerns them all.
    """
    try:
        check_address(kind, base_url, allowed=allowed)
    except ProviderError as error:
        return {"base_url": [str(error)]}
    try:
        kind(settings=plain_settings, credentials={}, base_url=base_url).close()
    except Refused as error:
        return {name: [each.text for each in each_of] for name, each_of in error.field_errors.items()} or {
            "": [str(error)]
        }
    except AddressRefused as error:
        return {"base_url": [str(error)]}
    except CredentialsRejected:
        pass  # there were none: only the settings are asked about
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What the entry forms ask. ``forms``: the sets of question keys that were met together in one record."""

    found: tuple[PersonQuestion, ...]
    proposed: Mapping[str, str]
    forms: frozenset[frozenset[str]]


def person_questions(connection: Connection, payloads: Iterable[bytes]) -> Questions:
    """The questions found in stored payloads, and what the provider takes each for. Nothing is called."""
    kept = list(payloads)
    with _built(provider_class(connection.provider), connection, credentials=Secrets(), transport=None) as provider:
        found = provider.person_questions(kept)
        forms = {frozenset(each.key for each in provider.person_questions([payload])) for payload in kept}
        return Questions(found=tuple(found), proposed=provider.propose_mapping(found), forms=frozenset(forms))


def _opened(connection: Connection) -> Secrets:
    try:
        return connection.secrets()
    except CannotDecrypt:
        raise CredentialsRejected(
            "The stored key cannot be opened with this portal's encryption keys. Enter it again, or ask whoever "
            "runs the portal to put the missing encryption key back."
        ) from None


def _built(
    kind: type[Provider], connection: Connection, *, credentials: Secrets, transport: httpx.BaseTransport | None
) -> Provider:
    return kind(
        settings=connection.settings,
        credentials=credentials,
        base_url=connection.base_url,
        learned=connection.learned,
        mapping=connection.mapping,
        transport=transport,
    )


@transaction.atomic
def _keep_learned(connection: Connection, provider: Provider) -> None:
    """What has changed of it: another worker, or a web process, may have learned something else meanwhile."""
    before, learned = connection.learned, dict(provider.learned)
    if not connection.pk or learned == before:
        return
    fresh = {name: value for name, value in learned.items() if before.get(name) != value}
    rows = Connection.objects.filter(pk=connection.pk)
    for held in rows.select_for_update(no_key=True).values_list("learned", flat=True):
        rows.update(learned={name: held[name] for name in held.keys() - (before.keys() - learned.keys())} | fresh)
    connection.learned = learned
