"""The e-mails about alarms, to the owners of the organisation: each once, tried a few times while no server takes it.

Nothing else waits for them. They name no runner.
"""

import logging
from datetime import datetime
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from organiser_portal.connections import gateway
from organiser_portal.core import wording
from organiser_portal.core.logs import binding
from organiser_portal.operations.models import Fault, Letter
from organiser_portal.organisations.models import Membership, Organisation
from organiser_portal.organisations.roles import Role
from organiser_portal.sync.schedule import back_off

log = logging.getLogger(__name__)

MOST_TRIES = 6  # over half an hour
MOST_AT_ONCE = 200

TO_DO = {
    Fault.ACCESS: "Open the connection and test it. If the provider refuses the key, enter a new one.",
    Fault.PROVIDER: "Nothing here: we keep trying. If it lasts, ask {label} whether something is wrong there.",
    Fault.RESTING: "Nothing here: we call again when that time is over.",
    Fault.OURS: "Nothing here. If it lasts, tell whoever runs this portal.",
}


def send_due(*, now: datetime) -> int:
    """Post what is due. Returns how many went out."""
    due = Letter.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    whole = due.select_related("alarm__connection__organisation")
    return sum(_send(letter, now) for letter in whole[:MOST_AT_ONCE])


def _send(letter: Letter, now: datetime) -> bool:
    """Claimed before it is sent, so that two at once do not both send it."""
    tries = letter.tries + 1
    again = now + back_off(tries, jitter=0.5) if tries < MOST_TRIES else None
    mine = Letter.objects.filter(pk=letter.pk, tries=letter.tries, due_at__lte=now)
    if not mine.update(tries=F("tries") + 1, due_at=again):
        return False
    connection = letter.alarm.connection
    with binding(connection_id=connection.pk, organisation_id=connection.organisation_id):
        try:
            _post(letter, now)
        except (SMTPException, OSError) as error:
            log.warning(
                "letter %s could not be sent (%s), try %d of %d", letter.pk, type(error).__name__, tries, MOST_TRIES
            )
            return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=now, due_at=None)
    return True


def _post(letter: Letter, now: datetime) -> None:
    connection = letter.alarm.connection
    to = _owners(connection.organisation)
    if not to:
        return
    EmailMessage(subject=_subject(letter), body=_body(letter, now), to=to).send()


def _owners(organisation: Organisation) -> list[str]:
    owners = Membership.objects.filter(organisation=organisation, role=Role.OWNER, user__is_active=True)
    return list(owners.order_by("pk").values_list("user__email", flat=True))


def _subject(letter: Letter) -> str:
    connection = letter.alarm.connection
    name = gateway.connection_name(connection)
    says = "is not up to date" if letter.about == Letter.About.STALE else "is up to date again"
    return " ".join(f"{connection.organisation.name}: {name} {says}".split())


def _body(letter: Letter, now: datetime) -> str:
    alarm, connection = letter.alarm, letter.alarm.connection
    zone = ZoneInfo(connection.organisation.time_zone)
    label = gateway.face(connection.provider).label
    context = {
        "alarm": alarm,
        "name": gateway.connection_name(connection),
        "organisation": connection.organisation,
        "since": wording.day_and_time(alarm.since, now, zone),
        "fault": Fault(alarm.fault).label,
        "to_do": TO_DO[Fault(alarm.fault)].format(label=label),
        "lasted": wording.span((alarm.cleared_at or now) - alarm.since),
        "link": _link(connection.pk, connection.organisation),
    }
    return render_to_string(f"operations/email/{letter.about}.txt", context)


def _link(connection_id: int, organisation: Organisation) -> str:
    path = reverse(
        "connections:connection-detail", kwargs={"organisation": organisation.slug, "connection_id": connection_id}
    )
    return f"{settings.PORTAL_URL.rstrip('/')}{path}"
