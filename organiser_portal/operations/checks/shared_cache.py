"""The cache that all processes share."""

from collections.abc import Iterator
from datetime import datetime

from organiser_portal.operations.cache import cache_answers
from organiser_portal.operations.checks.finding import Finding, bad, good

NAME = "cache"
REMEDY = "See that it runs and that CACHE_URL is right."


def is_there(_: datetime) -> Iterator[Finding]:
    if cache_answers():
        yield good(NAME, "Answers.")
    else:
        yield bad(NAME, f"Does not answer, so each process counts sign-in attempts for itself. {REMEDY}")
