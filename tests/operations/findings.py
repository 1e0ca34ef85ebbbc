"""What checks have found."""

from collections.abc import Iterator

from organiser_portal.operations.checks import Finding, Level


def worst(found: Iterator[Finding]) -> Finding:
    return max(found, key=lambda finding: list(Level).index(finding.level))
