"""What became of an application, and which of its answers are for medics and owners alone."""

from collections.abc import Iterable
from typing import Any

from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Application, Entry
from organiser_portal.participants.sensitive import is_sensitive_answer
from providers.records import SENSITIVE_FIELDS

type Remote = tuple[int, str]
"""Connection id, and the application's id at its provider."""


def became(organisation: Organisation, applications: Iterable[Remote]) -> dict[Remote, int]:
    """Which entry (its id) each of these applications became."""
    wanted = set(applications)
    entries = Entry.objects.of(organisation).filter(
        connection_id__in={connection_id for connection_id, _ in wanted},
        application_external_id__in={external_id for _, external_id in wanted},
    )
    # Says nothing new, but lets both databases use the index that leaves blanks out.
    named = entries.exclude(application_external_id="").order_by("-id")
    found = named.values_list("connection_id", "application_external_id", "id")
    return {(at, remote): pk for at, remote, pk in found if at is not None and (at, remote) in wanted}


def parted(application: Application) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The answers that anyone may see, and those that only medics and owners may."""
    mapping = application.connection.mapping
    plain: list[dict[str, Any]] = []
    hidden: list[dict[str, Any]] = []
    for answer in application.answers:
        (hidden if is_sensitive_answer(answer, mapping) else plain).append(answer)
    return plain, hidden


def holds_sensitive(application: Application) -> bool:
    return bool(parted(application)[1]) or any(getattr(application, name) for name in SENSITIVE_FIELDS)
