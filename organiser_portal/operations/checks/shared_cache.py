"""The cache that all processes share."""

from collections.abc import Iterator
from datetime import datetime

from organiser_portal.operations.cache import cache_answers
from organiser_portal.operations.checks.finding import Finding, bad, good

NAME = "cache"


def is_there(_: datetime) -> Iterator[Finding]:
    if cache_answers():
        yield good(NAME, "Answers.")
    else:
        yield bad(NAME, "Does not answer, so nobody can sign in. See that it runs and that CACHE_URL is right.")
