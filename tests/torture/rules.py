"""The rules of the fact sheets that a provider can see being kept, read off the sandbox's log of the calls it got.

Written from the sheets, not from our clients. Each rule is a function of one call that says what is wrong with it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from providers.sandbox import Sandbox
from providers.sandbox.world import Logged

type Rule = Callable[[Logged], str]

KEYED_BY = {
    "eventrac": "authorization",
    "letsdothis": "authorization",
    "ticketing": "x-api-key",
    "trackier": "x-api-key",
}
REFERENCE = re.compile("[0-9a-f]{32}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UNDER_WAY = 0.4  # seconds; what had been sent by then did not know of the wish for a rest
UNCERTAIN = (None, *range(200, 300), *range(500, 600))  # after these an add may be stored


def broken(sandbox: Sandbox, site: str, *, excused: Sequence[datetime] = ()) -> Iterator[str]:
    """Every rule that a call of the log does not keep. ``excused``: when somebody was killed, and could tell nobody."""
    calls = sandbox.calls(site)
    key = sandbox.site(site).demo_key
    for call in calls:
        for rule in (*EVERYWHERE, *RULES[site]):
            if wrong := rule(call):
                yield f"{site} {call.method} {call.path}: {wrong}"
        if key in call.path or any(key in value for _, value in call.query) or key.encode() in call.body:
            yield f"{site} {call.method} {call.path}: the key is outside its header"
    yield from _called_in_a_rest(calls, excused)
    yield from _sent_blindly(calls)


def _headers(call: Logged) -> str:
    if call.keyed_by != (KEYED_BY[call.site],):
        return f"keyed by {call.keyed_by}"
    if call.method == "GET" and call.body:
        return "a read with a body"
    if call.body and not call.headers.get("content-type", "").startswith("application/json"):
        return "a body that does not say it is JSON"
    return ""


def _parameters(call: Logged) -> str:
    bad = [name for name, value in call.query if value in ("", "null", "None")]
    return f"{bad} are sent empty" if bad else ""


def _eventrac(call: Logged) -> str:
    if call.query:
        return "it knows no parameters"
    if call.method == "GET":
        return ""
    sent = msgspec.json.decode(call.body)
    people = sent.get("participants", [sent.get("participant", sent)])
    if call.method == "PUT" and ("participant" not in sent or not call.path.endswith(people[0]["external_reference"])):
        return "an edit is wrapped and repeats the reference of its path"
    if len(people) > 200:
        return "more than 200 at once"
    if call.method == "POST" and not all({"external_reference", "email"} <= each.keys() for each in people):
        return "an add without reference or e-mail"
    if "participants" in sent and not all("race_id" in each for each in people):
        return "an item of a bulk add without its race"
    return next(filter(None, map(_written, people)), "")


def _written(person: dict[str, Any]) -> str:
    if not REFERENCE.fullmatch(person["external_reference"]):
        return "a reference that is no 32 hexadecimal digits"
    if person.get("gender", "f") not in ("f", "m", "nb") or len(person.get("dob", "2000-01-01")) != 10:
        return "a gender or birth date in another form"
    return ""


def _letsdothis(call: Logged) -> str:
    asked = dict(call.query)
    if len(asked) < len(call.query):
        return "a parameter is sent twice"
    if "page[before]" in asked or not 1 <= int(asked.get("page[size]", 1)) <= 500:
        return "a page that cannot be asked for"
    if any(not INSTANT.fullmatch(value) for name, value in call.query if name.startswith(("updatedAt", "createdAt"))):
        return "an instant without milliseconds and Z"
    if call.path in ("/participants", "/applications", "/partners") and call.method == "GET":
        if asked.get("sort[updatedAt]") != "1" or "sort[createdAt]" in asked:
            return "a walk that is not by ascending change"
        if (asked.get("extendMetadata") == "true") is (call.path == "/partners"):
            return "metadata not asked for, or asked of partners"
    return ""


def _ticketing(call: Logged) -> str:
    asked = dict(call.query)
    if call.headers.get("x-client-version") != "3.0.0":
        return "no client version"
    if asked.get("page", "2") in ("0", "1") or not 1 <= int(asked.get("records", 1)) <= 1000:
        return "a first list that names its page, or a page of no size"
    return ""


def _trackier(call: Logged) -> str:
    asked = dict(call.query)
    if call.path.endswith("/campaign") and not {"limit", "page"} <= asked.keys():
        return "campaigns without limit and page"
    if call.path.endswith("/network/conversions"):
        named = {value for name, value in call.query if name == "query[]"}
        if named != {name.removesuffix("[]") for name, _ in call.query} - {"query", "limit", "page"}:
            return "a filter that query[] does not name"
    return ""


EVERYWHERE: tuple[Rule, ...] = (_headers, _parameters)
RULES: dict[str, tuple[Rule, ...]] = {
    "eventrac": (_eventrac,),
    "letsdothis": (_letsdothis,),
    "ticketing": (_ticketing,),
    "trackier": (_trackier,),
}


def _called_in_a_rest(calls: Iterable[Logged], excused: Sequence[datetime]) -> Iterator[str]:
    """Retry-After is honoured to the second, by everybody who has the key."""
    until, since = 0.0, 0.0
    for call in calls:
        at = call.at.timestamp()
        could_tell = all(abs(kill.timestamp() - since) > UNDER_WAY for kill in excused)
        if since + UNDER_WAY < at < until - 0.1 and could_tell:
            yield f"{call.site} {call.method} {call.path}: called {until - at:.1f} s before it may be"
        if call.retry_after and (end := at + _seconds(call)) > until:
            until, since = end, at


def _seconds(call: Logged) -> float:
    if call.retry_after.isdigit():
        return float(call.retry_after)
    shown = call.at.astimezone(UTC).replace(microsecond=0)  # as their Date header says it
    return (parsedate_to_datetime(call.retry_after) - shown).total_seconds()


def _sent_blindly(calls: Iterable[Logged]) -> Iterator[str]:
    """An add that may have been stored is looked up before it is sent again."""
    doubtful: set[str] = set()
    for call in calls:
        if call.site == "eventrac" and call.method == "POST":
            sent = {found.decode() for found in re.findall(rb'"external_reference": ?"([0-9a-f]{32})"', call.body)}
            yield from (f"{each} was sent again unseen" for each in sent & doubtful)
            doubtful |= sent if call.status in UNCERTAIN else set()
        elif call.site == "eventrac" and call.path.startswith("/participants/"):
            doubtful.discard(call.path.rsplit("/", 1)[1])
