"""What an error means for the run it ended, the listing it was about, and the person who will read of it."""

from dataclasses import dataclass

from organiser_portal.core.cut_off import is_cut_off
from organiser_portal.sync.schedule import Ending
from providers.errors import AccessDenied, AddressRefused, CredentialsRejected, ProviderError, RateLimited, Refused

INTERNAL = "internal"
OUR_MISTAKE = "Something went wrong on our side. It has been recorded and is tried again by itself."
CUT_OFF = "The portal lost the line to its own database. What was stored stays, and it goes on from there by itself."

# Whatever is not named here backs off.
ENDINGS: dict[type[Exception], Ending] = {
    CredentialsRejected: Ending.PARKED,
    AddressRefused: Ending.PARKED,
    Refused: Ending.PARKED,  # of a read: a setting of the connection is wrong
    AccessDenied: Ending.HELD,
    RateLimited: Ending.LIMITED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``kind``: name of the error class, or "internal". ``sentence`` is for the organiser, the rest for operators."""

    kind: str
    sentence: str
    ending: Ending
    detail: str = ""
    request_id: str = ""
    retry_after: float | None = None


def read(error: Exception) -> Fault:
    """Sort an error. One that no provider raises is a mistake of ours; its text stays in the log."""
    if not isinstance(error, ProviderError):
        sentence = CUT_OFF if is_cut_off(error) else OUR_MISTAKE
        return Fault(kind=INTERNAL, sentence=sentence, ending=Ending.FAILED, detail=type(error).__name__)
    return Fault(
        kind=type(error).__name__[:40],
        sentence=error.sentence[:500],
        ending=_ending(error),
        detail=error.detail[:1000],
        request_id=error.request_id[:40],
        retry_after=error.retry_after if isinstance(error, RateLimited) else None,
    )


def _ending(error: ProviderError) -> Ending:
    return next((ending for kind, ending in ENDINGS.items() if isinstance(error, kind)), Ending.FAILED)
