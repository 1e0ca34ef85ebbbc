"""What their error replies mean. Only 401 and 500 are documented; the body is not."""

import re
from collections.abc import Mapping

import msgspec

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    FieldError,
    NotFound,
    ProviderError,
    Refused,
    UnexpectedReply,
)
from providers.http import Reply, Rule
from providers.letsdothis.folded import display, listed, pick, words
from providers.replies import facts

LONGEST = 200
LONGEST_READ = 1000  # a whole page of text would keep the searches below busy for minutes
# Their name of a value, in a message about it → our field of an operation.
FIELDS: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "type": "kind",
    "contacts": "contacts",
    "defaultMarketing": "headline",
    "specificMarketings": "event_marketing",
    "canCreateSubPartners": "sub_partners",
    "maxCapacity": "capacity",
    "tickets": "tickets",
    "partnerId": "partner",
    "emailAddress": "email",
    "reservedEntryId": "group",
}
_NAMED = re.compile(r"body[/.](\w+)|property '(\w+)'")
_TOKEN = re.compile(r"eyJ[\w.-]+|[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_EMAIL = re.compile(r"[^\s@\"']+@[^\s@\"']+")


def statuses(api_key: str) -> Mapping[int, Rule]:
    """Rows over the shared table. The key is there only to be kept out of every sentence."""

    def said(reply: Reply) -> str:
        found = error_text(reply.body)
        return _clean(found, api_key)

    def not_understood(reply: Reply) -> ProviderError:
        return _error(UnexpectedReply, "Let's Do This did not understand our request", reply, said(reply))

    def declined(reply: Reply) -> ProviderError:
        return _declined(reply, said(reply)) if reply.is_write else not_understood(reply)

    def forbidden(reply: Reply) -> ProviderError:
        return _error(AccessDenied, "Let's Do This accepts the key but does not allow this", reply, said(reply))

    def absent(reply: Reply) -> ProviderError:
        return _error(NotFound, "Let's Do This does not have this, or it is not yours", reply, said(reply))

    return {400: declined, 401: _key_refused, 403: forbidden, 404: absent, 409: declined, 422: declined}


def error_text(body: bytes) -> str:
    """``message``, then ``error``, then ``errors[]``, then the text itself, unless that is a page."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        text = body.decode(errors="replace").strip()
        return "" if text.startswith("<") else text
    message = display(pick(found, "message")) or display(pick(found, "error"))
    errors = (
        display(pick(item, "message", "error", "detail")) or words(item) for item in listed(pick(found, "errors"))
    )
    return message or "; ".join(filter(None, errors)) or words(found)


def _declined(reply: Reply, said: str) -> ProviderError:
    sentence = f"Let's Do This did not accept this: {said}" if said else "Let's Do This did not accept this."
    named = _NAMED.search(said)
    field = FIELDS.get((named[1] or named[2]) if named else "", "")
    return Refused(
        sentence,
        field_errors={field: [FieldError(rule="provider", text=sentence)]},
        **facts(reply),
    )


def _key_refused(reply: Reply) -> ProviderError:
    return CredentialsRejected(
        "Let's Do This does not accept the key. It was copied only in part, or it has been revoked: make a new one in "
        "your Let's Do This account under settings, credentials.",
        **facts(reply),
    )


def _error(kind: type[ProviderError], sentence: str, reply: Reply, said: str) -> ProviderError:
    return kind(
        f"{sentence}: {said}" if said else f"{sentence}.",
        **facts(reply),
    )


def _clean(text: str, api_key: str) -> str:
    """One line without keys and addresses, not too long, ending in a full stop."""
    known = text.replace(api_key, "[key]") if api_key else text
    line = " ".join(known[:LONGEST_READ].split())
    line = _EMAIL.sub("[e-mail]", _TOKEN.sub("[key]", line))
    line = f"{line[:LONGEST]}…" if len(line) > LONGEST else line
    return line if not line or line[-1] in ".…!?" else f"{line}."
