"""Misfortune on demand: which calls go wrong, and how."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus

from providers.sandbox.messages import Outcome, Reply, Request
from providers.sandbox.reshaping import Reshaping, emptied

GRAMMAR = """\
SPEC   one or more rules, joined with ";"
rule   [provider:]item,item,...   (no provider: calls to any provider)
what happens (one of):
  status=CODE          answer with that status      retry_after=S   ... and this Retry-After
  after_write          ... but only after the request has been carried out and stored
  body=json|html|empty|broken   ... with such a body (default json)
  drop_before_write    close the connection; nothing is stored
  drop_after_write     store, then close the connection without an answer (=reset: a TCP reset instead)
  truncate[=BYTES]     cut the answer off (default: half way) and close
  broken               answer 200 with JSON that does not parse
  html                 answer 200 with an HTML page
  slow=S               wait S seconds before answering (for ever, unless times is given)
  drip=S               spread the body over S seconds (for ever, unless times is given)
  hang                 never answer, nothing is stored;  hang_after_write: the same, stored
  hang_mid_body        stored; half of the answer comes, and then nothing more
  emptied              answer as usual, but as if there were nothing: empty lists, counts of 0
  revoke               the key is refused (for ever, unless times is given)
  ... or answer in another shape than documented (for ever, unless times is given; several go together):
  new_field=NAME       every object inside the answer has one field more
  new_word=NAME        the text under this name is a word that nobody knows
  null=NAME            under this name there is nothing;  other_sort=NAME: ... there is a list
which calls:
  method=POST          only this method             path=TEXT  only paths matching this regular expression
  holding=TEXT         only requests whose body holds this text
  skip=N               let N matching calls through first
  times=N              go wrong N times (default 1);  times=forever
examples:
  letsdothis:status=503,retry_after=7,times=3;eventrac:drop_after_write,method=POST
  slow=2.5;truncate,skip=4;eventrac:revoke
  ticketing:new_field=waveStart,new_word=status,null=name"""

FOREVER = -1
SHAPES = ("new_field", "new_word", "null", "other_sort")
LASTING = {"slow", "drip", "revoke", *SHAPES}


class BadSpec(ValueError):
    """A fault specification that cannot be read; the text says which part."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule of the grammar. ``times`` counts down; FOREVER never ends."""

    provider: str = ""
    method: str = ""
    path: str = ""
    holding: str = ""
    skip: int = 0
    times: int = 1
    status: int = 0
    retry_after: str = ""
    body: str = "json"
    after_write: bool = False
    drop: str = ""
    reset: bool = False
    truncate: int | None = None
    slow: float = 0.0
    drip: float = 0.0
    hang: str = ""
    emptied: bool = False
    revoke: bool = False
    new_field: str = ""
    new_word: str = ""
    null: str = ""
    other_sort: str = ""

    @property
    def reshaping(self) -> Reshaping | None:
        """None: the answer keeps its shape."""
        if not (self.new_field or self.new_word or self.null or self.other_sort):
            return None
        return Reshaping(new_field=self.new_field, new_word=self.new_word, null=self.null, other_sort=self.other_sort)

    def matches(self, provider: str, request: Request) -> bool:
        return (
            self.times != 0
            and self.provider in ("", provider)
            and self.method in ("", request.method)
            and (not self.path or re.search(self.path, request.path) is not None)
            and self.holding.encode() in request.body
        )

    def spend(self) -> bool:
        """Count one matching call; True if this one goes wrong."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times > 0:
            self.times -= 1
        return True

    @property
    def name(self) -> str:
        """A word or two for the request log."""
        if self.status:
            return f"status {self.status}"
        named = {
            f"drop {self.drop} write": self.drop,
            "truncate": self.truncate is not None,
            "hang mid body": self.hang == "mid",
            f"hang {self.hang} write": self.hang,
            "emptied": self.emptied,
            "revoke": self.revoke,
            "reshaped": self.reshaping is not None,
        }
        return next((name for name, is_so in named.items() if is_so), "slow" if self.slow else "drip")


type Answer = Callable[[Request], Reply]


class Faults:
    """The rules in force. ``add`` them by spec or by name; the first that matches a call decides."""

    def __init__(self, spec: str = "") -> None:
        self._rules: list[Fault] = []
        if spec:
            self.add(spec)

    def add(self, spec: str = "", /, **fields: object) -> list[Fault]:
        """``add("eventrac:status=503,times=2")`` or ``add(provider="eventrac", status=503, times=2)``."""
        rules = parse(spec) if spec else [Fault(**fields)]  # type: ignore[arg-type]  # named as in Fault
        self._rules.extend(rules)
        return rules

    def clear(self) -> None:
        self._rules.clear()

    def listed(self) -> list[dict[str, object]]:
        """Every rule still able to strike, as plain values."""
        return [asdict(rule) for rule in self._rules if rule.times != 0]

    def strike(self, provider: str, request: Request) -> Fault | None:
        """The fault that befalls this call, if any; delays combine with what follows them."""
        delays = Fault()
        for rule in self._rules:
            if not rule.matches(provider, request) or not rule.spend():
                continue
            if _only_delays(rule):
                delays = replace(delays, slow=delays.slow + rule.slow, drip=delays.drip + rule.drip)
            else:
                return replace(rule, slow=rule.slow + delays.slow, drip=rule.drip + delays.drip)
        return delays if delays.slow or delays.drip else None


def _only_delays(rule: Fault) -> bool:
    others = (rule.status, rule.drop, rule.hang, rule.emptied, rule.revoke, rule.truncate is not None, rule.reshaping)
    return not any(others)


def suffer(fault: Fault, request: Request, answer: Answer) -> Outcome:
    """Carry the call out the way the fault says."""
    if fault.drop == "before":
        return Outcome(reply=None, reset=fault.reset, delay=fault.slow)
    if fault.hang in ("before", "after"):
        if fault.hang == "after":
            answer(request)
        return Outcome(reply=None, hang=True)
    if fault.status:
        if fault.after_write:
            answer(request)
        return Outcome(reply=_failure(fault), delay=fault.slow, drip=fault.drip)
    reply = answer(request.without_key() if fault.revoke else request)
    if fault.reshaping and reply.status < HTTPStatus.BAD_REQUEST:
        reply = fault.reshaping.of(reply)
    if fault.emptied and reply.status < HTTPStatus.BAD_REQUEST:
        reply = emptied(reply)
    if fault.drop == "after":
        return Outcome(reply=None, reset=fault.reset, delay=fault.slow)
    mid = fault.hang == "mid"
    cut = None if fault.truncate is None and not mid else fault.truncate or len(reply.body) // 2
    return Outcome(reply=reply, delay=fault.slow, drip=fault.drip, cut=cut, hang=mid)


_BODIES: dict[str, tuple[str, bytes]] = {
    "json": ("application/json", b'{"message":"The sandbox was told to fail"}'),
    "html": ("text/html; charset=utf-8", b"<!doctype html><title>Oops</title><h1>Something went wrong</h1>"),
    "empty": ("application/json", b""),
    "broken": ("application/json", b'{"data":[{"id":"71f0a3'),
}


def _failure(fault: Fault) -> Reply:
    content_type, body = _BODIES[fault.body]
    headers = {"content-type": content_type}
    if fault.retry_after:
        headers["retry-after"] = fault.retry_after
    return Reply(status=fault.status, body=body, headers=headers)


def parse(spec: str) -> list[Fault]:
    """Read a SPEC of the grammar; raises BadSpec."""
    return [_rule(text.strip()) for text in spec.split(";") if text.strip()]


def _rule(text: str) -> Fault:
    provider, colon, rest = text.partition(":")
    if not colon or not re.fullmatch(r"[a-z]+", provider):
        provider, rest = "", text
    fields: dict[str, object] = {"provider": provider}
    for item in rest.split(","):
        fields |= _item(*_pair(item.strip()))
    given = fields.keys() - {"provider", "method", "path", "holding", "skip", "times"}
    if not given - {"retry_after", "body", "after_write"}:
        raise BadSpec(f"{text!r} does not say what should happen")
    if "times" not in fields and not given - LASTING:
        fields["times"] = FOREVER
    return Fault(**fields)  # type: ignore[arg-type]  # every name and type comes from _item


def _pair(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name, value


def _item(name: str, value: str) -> dict[str, object]:
    try:
        if name in _READ:
            return {name: _READ[name](value)}
        if name in _SHORT:
            return _SHORT[name] | ({"reset": True} if value == "reset" else {})
    except (ValueError, KeyError, re.error) as error:
        raise BadSpec(f"{name}={value} cannot be read: {error}") from error
    raise BadSpec(f"unknown item {name!r}")


def _one_of(words: Iterable[str]) -> Callable[[str], str]:
    known = set(words)

    def read(value: str) -> str:
        if value not in known:
            raise ValueError(f"one of {', '.join(sorted(known))}")
        return value

    return read


def _name(value: str) -> str:
    if not value:
        raise ValueError("a name is needed")
    return value


def _times(value: str) -> int:
    return FOREVER if value == "forever" else int(value)


_READ: dict[str, Callable[[str], object]] = {
    "status": int,
    "retry_after": str,
    "body": _one_of(_BODIES),
    "after_write": lambda value: value != "no",
    "truncate": lambda value: int(value or 0),
    "slow": float,
    "drip": float,
    "method": str.upper,
    "path": lambda value: re.compile(value).pattern,
    "holding": _name,
    "skip": int,
    "times": _times,
    "revoke": lambda value: value != "no",
    **dict.fromkeys(SHAPES, _name),
}
_SHORT: dict[str, dict[str, object]] = {
    "drop_before_write": {"drop": "before"},
    "drop_after_write": {"drop": "after"},
    "hang": {"hang": "before"},
    "hang_after_write": {"hang": "after"},
    "hang_mid_body": {"hang": "mid"},
    "emptied": {"emptied": True},
    "broken": {"status": 200, "body": "broken"},
    "html": {"status": 200, "body": "html"},
}
