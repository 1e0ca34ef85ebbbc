"""What people do to connections. Every change leaves an audit line with names, never with values."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from organiser_portal.connections import gateway, polling, standing
from organiser_portal.connections.models import Connection, OutboundChange, Standing, SyncState
from organiser_portal.connections.signals import change_waits, listings_wait
from organiser_portal.connections.standing import Verdict
from organiser_portal.core.encryption import CannotDecrypt, Secrets
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from providers.errors import ProviderError

REPLAY = "replay"
CHANGED_MEANWHILE = "The connection was changed while it was being tested. Test it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a person enters. ``credentials`` holds only what was typed now; "" takes a secret away.

    ``base_url_allowed``: an administrator permits this base URL. ``polling``: minutes by phase.
    """

    label: str = ""
    base_url: str = ""
    base_url_allowed: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    credentials: Secrets = field(default_factory=Secrets)
    polling: Mapping[str, int] = field(default_factory=lambda: dict(polling.DEFAULTS))


@transaction.atomic
def create_connection(
    *, organisation: Organisation, provider: str, details: Details, actor: User | None, now: datetime
) -> Connection:
    """A new connection, untested: the caller tests it next. Raises gateway.UnknownProvider."""
    gateway.provider_class(provider)
    connection = Connection(organisation=organisation, provider=provider, standing_since=now)
    _set_plain(connection, details)
    connection.seal({name: value for name, value in details.credentials.items() if value})
    connection.save()
    ensure_sync_states(connection)
    _record(connection, actor, "created", fields=_plain_names(details), secrets=connection.secret_names)
    return connection


@transaction.atomic
def update_connection(*, connection: Connection, details: Details, actor: User | None, now: datetime) -> bool:
    """Save what changed. True: it may be another account or address now, so the caller tests it next.

    It is then untested (or still paused). What was learned of another account is forgotten, and no run that began with
    that one may write any more.
    """
    held = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    fields, secrets = _changed_fields(held, details), _reseal(held, details.credentials)
    _set_plain(held, details)
    elsewhere = bool(secrets or set(fields) - {"label", "polling"})
    another = _another_account(held, [*fields, *secrets])
    if another:
        held.learned = {}
    if elsewhere:
        held.account, held.quiet_until = {}, None
        if held.standing != Standing.PAUSED:
            held.standing, held.standing_reason, held.standing_since = Standing.UNTESTED, "", now
    held.save()
    ensure_sync_states(held)
    if another:
        held.sync_states.update(cursor="", full_due=True, lease="", leased_until=None)
    if "polling" in fields:
        held.sync_states.filter(due_at__gt=now, failures=0).update(due_at=now)
    if fields or secrets:
        _record(held, actor, "changed", fields=fields, secrets=secrets)
    _take_over(connection, held)
    return elsewhere


def test_connection(*, connection: Connection, actor: User | None, now: datetime) -> Verdict:
    """Ask the provider, and let the connection stand accordingly. Never raises what a provider raises.

    The call is made outside any transaction. A connection that begins to work has everything due at once, and what
    waits to be sent is handed out.
    """
    began = time.monotonic()
    before = Standing(connection.standing)
    try:
        account = gateway.check_connection(connection)
        verdict = standing.accepted(
            before,
            account,
            label=gateway.face(connection.provider).label,
            seconds=time.monotonic() - began,
        )
    except ProviderError as error:
        verdict = standing.failed(before, error, seconds=time.monotonic() - began)
    return _settle(connection, verdict, actor=actor, now=now)


@transaction.atomic
def pause(*, connection: Connection, actor: User | None, now: datetime, note: str = "") -> None:
    """Nothing is fetched or sent until somebody resumes it. ``note`` is shown with it."""
    who = f"Paused by {actor}" if actor else "Paused by an operator"
    _stand(connection, Standing.PAUSED, f"{who}: “{note[:200]}”." if note else f"{who}.", now)
    _record(connection, actor, "paused")


@transaction.atomic
def resume(*, connection: Connection, actor: User | None, now: datetime) -> None:
    """Awake, but untested: the caller tests it next."""
    _stand(connection, Standing.UNTESTED, "", now)
    _record(connection, actor, "resumed")


@transaction.atomic
def save_mapping(*, connection: Connection, mapping: Mapping[str, str], actor: User | None, now: datetime) -> None:
    """Keep the person-field mapping, and have every stored payload read again with it. No provider is called."""
    held = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    changed = sorted(key for key, value in mapping.items() if held.mapping.get(key) != value)
    held.mapping = {**held.mapping, **mapping}
    held.save(update_fields=["mapping"])
    SyncState.objects.update_or_create(
        connection=held, resource=REPLAY, defaults={"due_at": now, "asked_by_hand": True, "cursor": ""}
    )
    _record(held, actor, "mapping_changed", questions=len(changed))
    connection.mapping = held.mapping


def ensure_sync_states(connection: Connection) -> None:
    """One row for each listing of the provider; those that are there stay as they are."""
    SyncState.objects.bulk_create(
        [
            SyncState(connection=connection, resource=resource.key)
            for resource in gateway.face(connection.provider).resources
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _settle(connection: Connection, verdict: Verdict, *, actor: User | None, now: datetime) -> Verdict:
    held = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    if not _is_as_tested(held, connection):
        return Verdict(accepted=False, standing=Standing(held.standing), sentence=CHANGED_MEANWHILE, conclusive=False)
    began_to_work = verdict.standing == Standing.WORKING != held.standing
    if verdict.conclusive:
        _write_standing(held, verdict, now)
    if verdict.accepted:
        ensure_sync_states(held)
        listings = held.sync_states.exclude(resource=REPLAY)
        freed = listings if began_to_work else listings.exclude(held_reason="")
        due = freed.update(due_at=now, failures=0, held_reason="")
        if due and verdict.standing == Standing.WORKING:
            listings_wait.send(sender=SyncState, connection_id=held.pk)
        _send_what_waited(held, whatever=began_to_work, now=now)
    _record(held, actor, "tested", accepted=verdict.accepted, standing=held.standing)
    _take_over(connection, held)
    return verdict


def _send_what_waited(connection: Connection, *, whatever: bool, now: datetime) -> None:
    """What was denied, or ``whatever`` put it off: a failure at another address, or with another key, tells nothing."""
    changes = OutboundChange.objects.filter(connection=connection)
    waiting = changes.under_way() if whatever else changes.denied()
    if waiting.put_forward(now) and connection.standing == Standing.WORKING:
        change_waits.send(sender=OutboundChange, connection_id=connection.pk)


def _is_as_tested(held: Connection, tested: Connection) -> bool:
    names = ("base_url", "settings", "standing")
    same_key = bytes(held.sealed_credentials) == bytes(tested.sealed_credentials)
    return same_key and all(getattr(held, name) == getattr(tested, name) for name in names)


def _write_standing(held: Connection, verdict: Verdict, now: datetime) -> None:
    if held.standing != verdict.standing:
        held.standing, held.standing_since = verdict.standing, now
    if held.standing != Standing.PAUSED:
        held.standing_reason = "" if verdict.accepted else verdict.sentence
    held.tested_at = now
    held.account = dict(verdict.account) if verdict.accepted else held.account
    held.save(update_fields=["standing", "standing_reason", "standing_since", "tested_at", "account"])


def _stand(connection: Connection, value: Standing, reason: str, now: datetime) -> None:
    connection.standing, connection.standing_reason, connection.standing_since = value, reason, now
    connection.save(update_fields=["standing", "standing_reason", "standing_since"])


def _set_plain(connection: Connection, details: Details) -> None:
    connection.label = details.label
    connection.base_url = details.base_url
    connection.base_url_allowed = bool(details.base_url) and details.base_url_allowed
    connection.settings = {name: value for name, value in details.settings.items() if value}
    connection.polling = dict(details.polling)


def _plain_names(details: Details) -> list[str]:
    return sorted(name for name, value in details.settings.items() if value)


def _changed_fields(held: Connection, details: Details) -> list[str]:
    wanted = {name: value for name, value in details.settings.items() if value}
    settings = {name for name in {*held.settings, *wanted} if held.settings.get(name) != wanted.get(name)}
    own = {
        "label": held.label != details.label,
        "base_url": held.base_url != details.base_url,
        "base_url_allowed": held.base_url_allowed != (bool(details.base_url) and details.base_url_allowed),
        "polling": held.polling != dict(details.polling),
    }
    return sorted(settings | {name for name, changed in own.items() if changed})


def _reseal(held: Connection, typed: Secrets) -> list[str]:
    """Lay what was typed over what is sealed; the names of those that are others now."""
    try:
        sealed = held.secrets()
    except CannotDecrypt:
        sealed = Secrets()  # what nobody can open is lost either way
    changed = sorted(name for name, value in typed.items() if sealed.get(name, "") != value)
    if changed:
        held.seal({name: value for name, value in {**sealed, **typed}.items() if value})
    return changed


def _another_account(held: Connection, changed: Iterable[str]) -> bool:
    fields = gateway.provider_class(held.provider).connection_fields
    telling = {each.name for each in fields if each.secret or each.required}
    return bool({"base_url", *telling} & set(changed))


def _take_over(connection: Connection, held: Connection) -> None:
    """Let the caller's object say what was saved."""
    for column in Connection._meta.concrete_fields:
        setattr(connection, column.attname, getattr(held, column.attname))


def _record(connection: Connection, actor: User | None, verb: str, **detail: object) -> None:
    audit.record(
        organisation=connection.organisation,
        actor=actor,
        action=f"connection.{verb}",
        subject=gateway.connection_name(connection),
        connection=connection.pk,
        **detail,
    )
