"""Create an organisation and its first owner."""

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from organiser_portal.core.commands import JsonCommand
from organiser_portal.organisations import invitations, services
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.organisations.roles import Role

LONGEST_NAME = 200
EPILOG = """\
Somebody who has an account becomes the owner at once. For anybody else a link is printed, which makes their account;
nothing is mailed. It works once, for seven days: hand it over safely. With --password-stdin the account is made here
instead, and nothing is printed but that.

With --json: {"ok", "error", "id", "slug", "name", "owner", "account" ("existing", "created" or "invited"),
"invitation" (the link or null)}.
"""


class Command(JsonCommand):
    help = "Create an organisation, and its owner or the owner's invitation."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, epilog=EPILOG, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="What it is called.")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="Who owns it.")
        parser.add_argument("--slug", help="Its short name in addresses and commands. Default: made of the name.")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Make the owner's account, with the password on this line."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        name, email = _name(options["name"]), _email(options["owner"])
        slug = _slug(options["slug"] or name)
        password = _password(email) if options["password_stdin"] else ""
        with transaction.atomic():
            organisation = services.create_organisation(name=name, slug=slug, actor=None)
            account, link = _let_in(organisation, email, password)
        facts = {"id": organisation.pk, "slug": slug, "name": name, "owner": email, "account": account}
        lines = [f"Created {name} ({slug}).", _sentence(email, account), *([link] if link else [])]
        self.report({**facts, "invitation": link or None}, lines)


def _let_in(organisation: Organisation, email: str, password: str) -> tuple[str, str]:
    """What became of the owner's account, and their link, if they need one."""
    user = User.objects.filter(email=email).first()
    if user and password:
        raise CommandError(f"{email} has an account already; leave out --password-stdin.")
    if user or password:
        owner = user or User.objects.create_user(email, password)
        services.add_member(organisation=organisation, user=owner, role=Role.OWNER, actor=None)
        return ("existing" if user else "created"), ""
    _, token = invitations.invite(
        organisation=organisation, email=email, role=Role.OWNER, actor=None, now=timezone.now()
    )
    return "invited", invitations.link(token)


def _sentence(email: str, account: str) -> str:
    return {
        "existing": f"{email} owns it.",
        "created": f"{email} owns it and can sign in.",
        "invited": f"{email} owns it as soon as they have opened this link:",
    }[account]


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise CommandError(f"A name has 1 to {LONGEST_NAME} characters.")
    return name


def _email(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f"{text!r} is not an e-mail address.") from None
    return address


def _slug(text: str) -> str:
    slug = slugify(text)[:60].strip("-")
    if not slug:
        raise CommandError(f"No short name can be made of {text!r}: give one with --slug.")
    if Organisation.objects.filter(slug=slug).exists():
        raise CommandError(f"There is an organisation {slug!r} already. Give this one another --slug.")
    return slug


def _password(email: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
