"""Everything that the page of one entry shows."""

from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections import gateway
from organiser_portal.connections.models import PushState
from organiser_portal.participants import provenance
from organiser_portal.participants.both_sides import BothSides, both_sides
from organiser_portal.participants.history import newest_revisions
from organiser_portal.participants.models import Application, Entry
from organiser_portal.participants.modes import EditMode, edit_mode
from organiser_portal.participants.provenance import Row, Source
from organiser_portal.participants.services.outbox import current_change
from organiser_portal.participants.standing import Stand, stand
from organiser_portal.participants.timeline import Moment, timeline
from organiser_portal.participants.whence import Origins

# What the page says it cannot do, in this order, when the provider has a sentence for it.
LIMITS = ("edit_entry", "withdraw_entry", "move_entry", "read_back_contact")
UNCERTAIN = (PushState.UNKNOWN, PushState.NEEDS_PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``limits``: what no API can do here, a sentence each; ``remote_url``: where a person can do it by hand."""

    mode: EditMode
    person: list[Row]
    answers: list[Row]
    orders: list[Row]
    conflicts: list[BothSides]
    source: Source | None
    stand: Stand | None
    history: list[Moment]
    age: int | None
    application: Application | None
    limits: list[str]
    remote_url: str
    has_ours: bool
    origins: Origins

    @property
    def may_be_there(self) -> bool:
        """It was sent to be added, and no answer says whether it was."""
        return self.stand is not None and self.stand.adding and self.stand.change.state in UNCERTAIN


def picture_of(entry: Entry, *, sees_sensitive: bool, now: datetime) -> Picture:
    """Read what the page needs, without what this person may not see."""
    change = current_change(entry)
    revisions = newest_revisions(entry)
    origins = Origins(entry, revisions)
    return Picture(
        mode=edit_mode(entry, change),
        person=provenance.person_rows(entry, origins, sees_sensitive=sees_sensitive),
        answers=provenance.answer_rows(entry, origins, sees_sensitive=sees_sensitive),
        orders=provenance.order_rows(entry, origins),
        conflicts=[both_sides(entry, name, sees_sensitive=sees_sensitive) for name in entry.conflicts],
        source=provenance.source(entry),
        stand=stand(entry, change, now),
        history=timeline(entry, revisions, sees_sensitive=sees_sensitive),
        age=provenance.age_on_the_day(entry),
        application=_application(entry),
        limits=_limits(entry),
        remote_url=_remote_url(entry),
        has_ours=bool(entry.overrides),
        origins=origins,
    )


def _application(entry: Entry) -> Application | None:
    if not entry.application_external_id or entry.connection is None:
        return None
    rows = Application.objects.of(entry.organisation).filter(connection=entry.connection)
    return rows.filter(external_id=entry.application_external_id).first()


def _limits(entry: Entry) -> list[str]:
    if entry.connection is None:
        return []
    cannot = gateway.face(entry.connection.provider).capabilities.cannot
    return [cannot[verb] for verb in LIMITS if verb in cannot]


def _remote_url(entry: Entry) -> str:
    """Only what a browser may safely open: the address comes from the provider."""
    url = entry.listing.url if entry.listing else ""
    return url if url.startswith(("https://", "http://")) else ""
