"""What a key says about itself, and what its first answer says about the account or what is wrong. For display only."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from providers.errors import AccessDenied, CredentialsRejected, NotFound, ProviderError
from providers.letsdothis.folded import pick, words
from providers.letsdothis.payloads import Listing
from providers.port import Account

SOON = timedelta(days=30)
NOT_ALLOWED = (
    "It does not say when that is so: it may be your account, or the rights of this key. Ask Let's Do This to let it "
    "read participants, then test again."
)
ELSEWHERE = (
    "Let's Do This has no participants at this address. Check the base URL of the connection: usually it is {usual}."
)
ORGANISER_CLAIMS = ("organiserId", "organizerId", "organisationId", "organizationId", "orgId", "organiser", "sub")
NAME_CLAIMS = ("organiserName", "organizerName", "organisationName", "organizationName", "name")


def claims(api_key: str) -> Mapping[str, object]:
    """The readable middle of a token, not verified and not relied on; {} for a key that is no token."""
    parts = api_key.split(".")
    if len(parts) != 3:
        return {}
    try:
        middle = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(middle, type=dict[str, object])
    except (binascii.Error, ValueError, RecursionError):
        return {}


def expiry(api_key: str) -> datetime | None:
    seconds = claims(api_key).get("exp")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def describe(api_key: str, listing: Listing, now: datetime) -> Account:
    """The account behind a key that works. ``listing`` is the one-row list of participants."""
    said = claims(api_key)
    organiser = words(pick(said, *ORGANISER_CLAIMS))
    name = words(pick(said, *NAME_CLAIMS))
    ends = expiry(api_key)
    facts = [
        ("Organiser id", organiser),
        ("Key expires", _day(ends) if ends else ""),
        ("Participants", "" if listing.total is None else f"{listing.total:,}"),
        ("Their clock", _clock_difference(listing.date, now)),
    ]
    return Account(
        name=name or (f"Organiser {organiser}" if organiser else "Let's Do This account"),
        facts=tuple((label, value) for label, value in facts if value),
        warnings=tuple(filter(None, [expiry_warning(api_key, now)])),
    )


def explained(error: ProviderError, api_key: str, now: datetime, *, usual: str) -> ProviderError:
    """The same error, with what the organiser can do about it. ``usual``: the base URL that is right for most."""
    match error:
        case CredentialsRejected():
            sentence = f"{error.sentence} {expiry_warning(api_key, now)}"
        case AccessDenied():
            sentence = f"{error.sentence} {NOT_ALLOWED} {expiry_warning(api_key, now)}"
        case NotFound():  # the list itself: no key makes that true at the right address
            sentence = ELSEWHERE.format(usual=usual)
        case _:
            return error
    return type(error)(sentence, **error.call)


def expiry_warning(api_key: str, now: datetime) -> str:
    """One sentence, "" while there is time."""
    ends = expiry(api_key)
    if ends is None or ends - now > SOON:
        return ""
    verb = "expired" if ends <= now else "expires"
    return f"By its own account the key {verb} on {_day(ends)}. Make a new one at Let's Do This and put it in here."


def strange_event(event_id: str) -> str:
    return f"Let's Do This does not know an event {event_id}, or it is not yours. Check the ids added by hand."


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _clock_difference(theirs: datetime | None, ours: datetime) -> str:
    if theirs is None:
        return ""
    seconds = round((theirs - ours).total_seconds())
    return f"{seconds:+d} s against ours" if seconds else "same as ours"
