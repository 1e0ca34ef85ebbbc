"""What a test says about a connection. Pure: how it stood and what came back in, how it stands now out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from organiser_portal.connections.models import Standing
from providers.errors import ProviderError, ProviderUnavailable, RateLimited, UnexpectedReply
from providers.port import Account

# These say nothing about the key, and mend themselves.
PASSING = (ProviderUnavailable, RateLimited, UnexpectedReply)
LONGEST_SENTENCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``accepted``: the provider takes the key now. ``sentence`` is for the organiser.

    ``conclusive`` False: the test found out nothing, and the connection stands as it stood. ``account`` is JSON-ready
    and empty unless accepted. ``seconds`` is how long the test took.
    """

    accepted: bool
    standing: Standing
    sentence: str
    conclusive: bool = True
    account: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def accepted(before: Standing, account: Account, *, label: str, seconds: float) -> Verdict:
    """A paused connection stays paused: only its owner wakes it."""
    return Verdict(
        accepted=True,
        standing=before if before == Standing.PAUSED else Standing.WORKING,
        sentence=f"{label} accepts the key: {account.name}.",
        account={
            "name": account.name,
            "facts": [list(fact) for fact in account.facts],
            "warnings": list(account.warnings),
            "seconds": round(seconds, 2),
        },
        warnings=account.warnings,
        seconds=seconds,
    )


def failed(before: Standing, error: ProviderError, *, seconds: float) -> Verdict:
    """A connection at work is not parked for what may pass by itself."""
    if before == Standing.WORKING and isinstance(error, PASSING):
        sentence = f"{error.sentence} The connection stays at work, and is tried again by itself."
        return Verdict(accepted=False, standing=before, sentence=sentence, conclusive=False, seconds=seconds)
    return Verdict(
        accepted=False,
        standing=before if before == Standing.PAUSED else Standing.NEEDS_ATTENTION,
        sentence=error.sentence[:LONGEST_SENTENCE],
        seconds=seconds,
    )
