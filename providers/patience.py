"""How often a read is tried again: twice, within five seconds, and only for what may mend itself by then."""

from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_base, wait_exponential, wait_random

from providers.errors import HostUnreachable, ProviderError, ProviderUnavailable, RateLimited

ATTEMPTS = 3
WINDOW = 5.0  # seconds, counted to the start of the last attempt
RETRIED_STATUSES = frozenset({502, 503, 504})


def patiently(sleep: Callable[[float], None]) -> Retrying:
    """Call it with a function and its arguments; the last error comes out as it was."""
    return Retrying(
        retry=retry_if_exception(_is_worth_retrying),
        stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(WINDOW),
        wait=_Patience(),
        sleep=sleep,
        reraise=True,
    )


class _Patience(wait_base):
    """A short, growing pause, or the one that the provider asked for."""

    def __init__(self) -> None:
        self._growing = wait_exponential(multiplier=0.4, exp_base=3) + wait_random(0, 0.3)

    def __call__(self, retry_state: RetryCallState) -> float:
        pause = float(self._growing(retry_state))
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = error.retry_after if isinstance(error, RateLimited) else None
        return max(pause, asked or 0.0)


def _is_worth_retrying(error: BaseException) -> bool:
    if isinstance(error, HostUnreachable):
        return error.reason != "tls"  # a certificate does not mend itself in five seconds
    passing = isinstance(error, ProviderUnavailable | RateLimited)
    return passing and isinstance(error, ProviderError) and error.status in RETRIED_STATUSES
