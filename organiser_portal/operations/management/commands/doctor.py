"""``manage.py doctor``: is this installation well, and if not, what is to be done."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from organiser_portal.core.commands import JsonCommand
from organiser_portal.operations.checks import Finding, Level, look
from organiser_portal.operations.checks.finding import NOT_TOLD

MARKS = {Level.GOOD: "ok    ", Level.NOTICE: "notice", Level.BAD: "BAD   "}


class Command(JsonCommand):
    help = (
        "Look at settings, keys, database, broker, workers, beat, clock and connections, and say of each that it is "
        "well, or what to do. Changes nothing and calls no provider. The exit status is 1 if something is bad. "
        'With --json: {"ok", "error", "findings": [{"name", "level" ("good", "notice" or "bad"), "sentence"}]}.'
    )
    requires_system_checks = []  # it runs them itself, and goes on

    def handle(self, *_args: Any, **_options: Any) -> None:
        findings = list(look(timezone.now()))
        facts = {"findings": [{"name": f.name, "level": f.level, "sentence": f.sentence} for f in findings]}
        self.report(facts, list(_lines(findings)), error=_error(findings))


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    """What the database did not tell is one line, and not ten that hide what is wrong with it."""
    for finding in findings:
        if finding.sentence != NOT_TOLD:
            yield f"{MARKS[finding.level]}  {finding.name:12}  {finding.sentence}"
    untold = dict.fromkeys(finding.name for finding in findings if finding.sentence == NOT_TOLD)
    if untold:
        yield f"{MARKS[Level.BAD]}  {'not told':12}  {', '.join(untold)}: see to the database and its migrations first."


def _error(findings: Sequence[Finding]) -> str:
    names = dict.fromkeys(finding.name for finding in findings if finding.level is Level.BAD)
    return f"Not well: {', '.join(names)}." if names else ""
