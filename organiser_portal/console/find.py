"""Finding anything from anywhere: people, bibs, races, partners and the pages of the portal.

A bounded number of queries and of hits, whatever the organisation holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from organiser_portal.connections.gateway import Face, face
from organiser_portal.console.pages import PAGES
from organiser_portal.core import wording
from organiser_portal.core.form_fields import LONGEST_SEARCH
from organiser_portal.core.walks import Order, walk
from organiser_portal.events.models import Event, Listing, Race
from organiser_portal.organisations.models import Membership, Organisation
from organiser_portal.participants.folding import fold
from organiser_portal.participants.models import Entry
from organiser_portal.participants.search import by_words
from organiser_portal.partners.models import Partner

MOST = 6  # hits of one kind
LISTINGS = Prefetch("listings", Listing.objects.select_related("connection").order_by("connection__provider", "id"))
SHOWN = ("pk", "first_name", "last_name", "bib", "provider_bib", "race__name", "connection__provider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """``mark`` is the provider that it comes from, if it comes from one."""

    title: str
    detail: str = ""
    url: str
    icon: str = ""
    mark: Face | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits of one kind. ``more``: where all of them are listed, "" when these are all."""

    title: str
    hits: list[Hit]
    more: str = ""


def find(membership: Membership, text: str) -> list[Found]:
    """What matches, the likeliest kind first; with nothing asked, the pages this person may open."""
    organisation, text = membership.organisation, text.strip()[:LONGEST_SEARCH]
    kinds = [_pages(membership, text)]
    if text:
        kinds = [_people(organisation, text), _races(organisation, text), _partners(organisation, text), *kinds]
    return [kind for kind in kinds if kind.hits]


def _people(organisation: Organisation, text: str) -> Found:
    """Who wears this number stands before those whose e-mail happens to hold it."""
    entries = Entry.objects.of(organisation)
    rows = (
        list(entries.exclude(bib="").filter(bib=text).order_by("race__name", "id").values(*SHOWN)[:MOST])
        if text.isdecimal()
        else []
    )
    known = {row["pk"] for row in rows}
    if len(rows) < MOST:
        others = walk(by_words(entries, text, organisation), Order("sort_name"), entries).take(_shown, MOST + 1)
        rows += [row for row in others if row["pk"] not in known]
    more = _url(organisation, "participants:entry-list", q=text) if len(rows) > MOST else ""
    return Found(title="People", hits=[_person(organisation, row) for row in rows[:MOST]], more=more)


def _shown(rows: QuerySet[Entry, Entry]) -> QuerySet[Entry, dict[str, Any]]:
    shown: QuerySet[Entry, dict[str, Any]] = rows.values(*SHOWN)
    return shown


def _person(organisation: Organisation, row: dict[str, object]) -> Hit:
    bib, race = row["bib"] or row["provider_bib"], row["race__name"]
    provider = row["connection__provider"]
    return Hit(
        title=f"{row['first_name']} {row['last_name']}".strip() or "No name given",
        detail=f"{bib} · {race}" if bib else str(race),
        url=_url(organisation, "participants:entry-detail", pk=row["pk"]),
        icon="" if provider else "user",
        mark=face(str(provider)) if provider else None,
    )


def _races(organisation: Organisation, text: str) -> Found:
    races = Race.objects.of(organisation).filter(_named(text)).order_by("-starts_at", "id")
    events = Event.objects.of(organisation).filter(_named(text)).order_by("-id")
    races = races.select_related("event").prefetch_related(LISTINGS)
    hits = [_race(organisation, race) for race in races[:MOST]]
    hits += [
        Hit(title=event.name, url=_url(organisation, "events:event-detail", pk=event.pk), icon="calendar-event")
        for event in events[: MOST - len(hits)]
    ]
    return Found(title="Races and events", hits=hits)


def _race(organisation: Organisation, race: Race) -> Hit:
    """With its day and who sells it: races of one name are told apart by these."""
    zone, sellers = (
        ZoneInfo(race.event.time_zone),
        [face(listing.connection.provider) for listing in race.listings.all()],
    )
    day = wording.day(race.starts_at, timezone.now(), zone) if race.starts_at else ""
    return Hit(
        title=race.name,
        detail=" · ".join(filter(None, [day, ", ".join(dict.fromkeys(seller.label for seller in sellers))])),
        url=_url(organisation, "events:race-detail", pk=race.pk),
        icon="run",
    )


def _partners(organisation: Organisation, text: str) -> Found:
    partners = Partner.objects.of(organisation).listed().filter(_named(text)).select_related("connection")
    return Found(
        title="Partners",
        hits=[
            Hit(
                title=partner.name,
                detail=partner.get_kind_display(),
                url=_url(organisation, "partners:partner-detail", partner_id=partner.pk),
                mark=face(partner.connection.provider),
            )
            for partner in partners.order_by("name", "id")[:MOST]
        ],
    )


def _named(text: str) -> Q:
    """Each word somewhere in the name."""
    wanted = Q()
    for word in text.split():
        wanted &= Q(name__icontains=word)
    return wanted


def _pages(membership: Membership, text: str) -> Found:
    words = fold(text).split()
    open_to_them = (page for page in PAGES if membership.has_role(page.role))
    return Found(
        title="Pages",
        hits=[
            Hit(title=page.title, url=_url(membership.organisation, page.name), icon=page.icon)
            for page in open_to_them
            if _all_in(words, f"{fold(page.title)} {page.also}")
        ],
    )


def _all_in(words: Iterable[str], text: str) -> bool:
    return all(word in text for word in words)


def _url(organisation: Organisation, name: str, *, q: str = "", **where: object) -> str:
    kwargs = {"organisation": organisation.slug, **where}
    return reverse(name, kwargs=kwargs, query={"q": q} if q else None)
