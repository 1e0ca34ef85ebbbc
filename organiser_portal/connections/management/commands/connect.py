"""Connect an organisation to a provider, or change such a connection, and test it."""

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from organiser_portal.connections import gateway, services
from organiser_portal.connections.forms import ConnectionForm, field_name
from organiser_portal.connections.models import Connection
from organiser_portal.connections.standing import Verdict
from organiser_portal.core.commands import JsonCommand
from organiser_portal.organisations.commands import organisation_named
from organiser_portal.organisations.models import Organisation
from providers.port import ConnectionField, Provider

EPILOG = """\
An existing connection is changed instead: the one with this --label, or without --label the only one at this
provider. What is not named stays as it is. Then the connection is tested, and its id and standing are printed.

A secret can be given as it stands (then it can be read in the list of processes), read from a file with @, or from
standard input with -:
  --secret api_key=@/run/secrets/key
  --secret api_key=- < key.txt

A --base-url given here needs no further permission; an empty one goes back to the provider's own. Plain http and
private addresses are called only while PROVIDER_SANDBOX is on.

Exit status: 0 the connection works; 1 it was saved, but the test failed, or nothing was saved (the message says
which); 2 wrong arguments.

With --json: {"ok", "error", "id", "created", "provider", "label", "standing", "reason", "account", "warnings"}.
"""


class Command(JsonCommand):
    help = "Connect an organisation to a provider (or change that connection), test it, print its id and standing."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, epilog=EPILOG, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG", help="The organisation's short name.")
        parser.add_argument("--provider", required=True, metavar="KEY", help=f"One of: {', '.join(_keys())}.")
        parser.add_argument("--label", help="To tell two accounts at one provider apart.")
        parser.add_argument("--base-url", metavar="URL", help="Call the provider here instead of at its own address.")
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help=f"A setting. {_names(secret=False)}"
        )
        parser.add_argument(
            "--secret", action="append", default=[], metavar="NAME=VALUE", help=f"A secret. {_names(secret=True)}"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        organisation = organisation_named(options["organisation"])
        provider = _provider(options["provider"])
        existing = _existing(organisation, provider, options["label"])
        form = _form(organisation, provider, existing, options)
        connection = existing or Connection()
        now = timezone.now()
        if existing:
            services.update_connection(connection=existing, details=form.details(), actor=None, now=now)
        else:
            connection = services.create_connection(
                organisation=organisation, provider=provider.key, details=form.details(), actor=None, now=now
            )
        verdict = services.test_connection(connection=connection, actor=None, now=now)
        self._tell(connection, verdict, created=existing is None)

    def _tell(self, connection: Connection, verdict: Verdict, *, created: bool) -> None:
        facts = {
            "id": connection.pk,
            "created": created,
            "provider": connection.provider,
            "label": connection.label,
            "standing": connection.standing,
            "reason": "" if verdict.accepted else verdict.sentence,
            "account": dict(verdict.account),
            "warnings": list(verdict.warnings),
        }
        verb = "Created" if created else "Updated"
        lines = [
            f"{verb} connection {connection.pk}: {gateway.connection_name(connection)}",
            f"Standing: {connection.get_standing_display().lower()}",
            *([verdict.sentence] if verdict.accepted else []),
            *verdict.warnings,
        ]
        self.report(facts, lines, error="" if verdict.accepted else verdict.sentence)


def _keys() -> list[str]:
    return [kind.key for kind in gateway.provider_classes()]


def _names(*, secret: bool) -> str:
    """Provider key and its field names, one after the other, for the help text."""
    lists = (
        (kind.key, [each.name for each in kind.connection_fields if each.secret == secret])
        for kind in gateway.provider_classes()
    )
    return "; ".join(f"{key}: {', '.join(names)}" for key, names in lists if names)


def _provider(key: str) -> type[Provider]:
    try:
        return gateway.provider_class(key)
    except gateway.UnknownProvider as error:
        raise CommandError(str(error)) from None


def _existing(organisation: Organisation, provider: type[Provider], label: str | None) -> Connection | None:
    """The connection that is meant. Raises when it could be several."""
    held = Connection.objects.of(organisation).filter(provider=provider.key)
    if label is not None:
        return held.filter(label__iexact=label.strip()).first()
    if len(held) > 1:
        labels = ", ".join(repr(connection.label) for connection in held)
        raise CommandError(f"There are several connections to {provider.label}: say which with --label: {labels}.")
    return held.first()


def _form(
    organisation: Organisation, provider: type[Provider], existing: Connection | None, options: Mapping[str, Any]
) -> ConnectionForm:
    """The console's own form, filled from the command line over what is held. Raises with every fault."""
    given = {**_given(provider, options["set"], secret=False), **_given(provider, options["secret"], secret=True)}
    empty = ConnectionForm(organisation=organisation, provider=provider, connection=existing, may_allow=True)
    data = {name: "" if value is None else value for name, value in _held(empty)} | given
    for name in ("label", "base_url"):
        if options[name] is not None:
            data[name] = options[name].strip()
    form = ConnectionForm(
        data,
        organisation=organisation,
        provider=provider,
        connection=existing,
        may_allow=options["base_url"] is not None,
        ask_again=False,
    )
    if not form.is_valid():
        raise CommandError("\n".join(_faults(form)))
    return form


def _held(form: ConnectionForm) -> Iterator[tuple[str, Any]]:
    for bound in form:
        yield bound.name, bound.value()


def _given(provider: type[Provider], pairs: list[str], *, secret: bool) -> dict[str, str]:
    """Form field → value, from NAME=VALUE pairs."""
    fields = {each.name: each for each in provider.connection_fields}
    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(f"{'--secret' if secret else '--set'} takes NAME=VALUE.")
        given[field_name(_field(provider, fields, name, secret=secret))] = (
            _secret_value(name, value) if secret else value
        )
    return given


def _field(
    provider: type[Provider], fields: Mapping[str, ConnectionField], name: str, *, secret: bool
) -> ConnectionField:
    if name not in fields:
        names = ", ".join(each.name for each in fields.values() if each.secret == secret)
        raise CommandError(f"{provider.label} has no {'secret' if secret else 'setting'} {name!r}. It has: {names}.")
    if fields[name].secret != secret:
        right = "--secret" if fields[name].secret else "--set"
        raise CommandError(f"{name} goes with {right}.")
    return fields[name]


def _secret_value(name: str, value: str) -> str:
    if value == "-":
        return sys.stdin.readline().strip()
    if not value.startswith("@"):
        return value
    try:
        return Path(value[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The file for {name} cannot be read: {type(error).__name__}.") from None


def _faults(form: ConnectionForm) -> Iterator[str]:
    """One line each, with the name as the command line knows it."""
    for field, texts in form.errors.items():
        name = field.removeprefix("setting_").removeprefix("secret_").replace("base_url", "--base-url")
        option = {"setting": f"--set {name}=…", "secret": f"--secret {name}=…"}.get(field.partition("_")[0], name)
        prefix = "" if field == "__all__" else f"{option}: "
        yield from (f"{prefix}{text}" for text in texts)
