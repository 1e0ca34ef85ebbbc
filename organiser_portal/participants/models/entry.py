"""A person's place in a race. The heart of the product."""

from secrets import token_hex
from time import time_ns

from django.conf import settings
from django.db import models
from django.db.models import Q

from organiser_portal.connections.models import Connection, PushState, SyncedModel
from organiser_portal.core.indexes import OnSQLite, Unalike
from organiser_portal.core.plain import PlainCharField
from organiser_portal.events.models import Listing, Race, TicketType
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import orders
from organiser_portal.participants.models.person import PersonFields
from providers.records import EntryStatus

TICK, LAST = 10_000, 0xFFFFFFFF  # nanoseconds of the clock that references begin with, and the last of its numbers
CHANCE = 12  # bytes


def new_reference() -> str:
    """The portal's own id of an entry: unique everywhere, safe in any address, never reused."""
    (drawn,) = new_references(1)
    return drawn


def new_references(number: int) -> list[str]:
    """So many in one go: to ask the system for each costs more than all other columns that are ours.

    Eight signs of a clock, whose first one follows the last one in half a day, then 24 of chance. What comes together
    stands together in its index, which so takes a million as fast as a thousand, and differs in the signs one reads.
    """
    first, drawn = time_ns() // TICK, token_hex(CHANCE * number)
    return [f"{first + n & LAST:08x}{drawn[2 * CHANCE * n : 2 * CHANCE * (n + 1)]}" for n in range(number)]


class Origin(models.TextChoices):
    SYNC = "sync", "Synced"
    STAFF = "staff", "Added here"


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, organisation: Organisation) -> "EntryQuerySet":
        return self.filter(organisation=organisation)

    def live(self) -> "EntryQuerySet":
        """Those that hold a place."""
        return self.filter(status=EntryStatus.LIVE.value, gone_at=None)


class Entry(SyncedModel, PersonFields):
    """The columns hold the *effective* values: the provider's, with staff's overrides on top.

    ``overrides``: field → {"value", "provider_value", "by", "by_id", "at"}; ``conflicts``: field → {"ours",
    "theirs", "base", "at", "run"}, and a ``Conflict`` row for each. ``bib``, ``wave``, ``notes``, ``own_partner`` and
    ``own_tags`` (see `tags`) are the portal's own: no provider writes them; what a provider says is in
    ``provider_bib``, ``provider_wave``, ``partner_group`` and ``tags``. ``external_id`` is None until a provider has
    given one; ``connection`` is None for an entry kept only here. ``answers``: list of {"question_id", "label",
    "value"}; ``orders``: list of {"sku_id", "quantity"}; ``affiliations``: {slug: text}. ``push_state`` mirrors the
    newest outbound change, "" when there is none.
    """

    # What begins one of the indexes below needs none of its own: each costs every row of a first load.
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    connection = models.ForeignKey(  # type: ignore[assignment]
        Connection, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    external_id = PlainCharField(max_length=120, null=True, blank=True)  # type: ignore[misc]
    reference = PlainCharField(max_length=40, default=new_reference, editable=False)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.SYNC)
    race = models.ForeignKey(Race, on_delete=models.CASCADE, related_name="entries", db_index=False)
    listing = models.ForeignKey(
        Listing, on_delete=models.SET_NULL, related_name="entries", null=True, blank=True, db_index=False
    )
    status = PlainCharField(
        max_length=12,
        choices=[(s.value, s.value.capitalize()) for s in EntryStatus],
        default=EntryStatus.LIVE.value,
    )
    status_text = models.CharField(max_length=100, blank=True)
    ticket_type = models.ForeignKey(
        TicketType, on_delete=models.SET_NULL, related_name="entries", null=True, blank=True
    )
    ticket_title = models.CharField(max_length=300, blank=True)
    price_minor = models.IntegerField(null=True, blank=True)
    price_unknown = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    provider_bib = PlainCharField(max_length=40, blank=True)
    provider_wave = PlainCharField(max_length=100, blank=True)
    bib = PlainCharField(max_length=40, blank=True)
    wave = PlainCharField(max_length=100, blank=True)
    notes = models.TextField(blank=True)
    own_partner = models.CharField(max_length=300, blank=True)
    own_tags = models.CharField(max_length=500, blank=True)
    booking_id = PlainCharField(max_length=120, blank=True)
    booker_name = models.CharField(max_length=300, blank=True)
    booker_email = models.CharField(max_length=254, blank=True)
    application_external_id = PlainCharField(max_length=120, blank=True)
    partner_name = models.CharField(max_length=300, blank=True)
    partner_group = models.CharField(max_length=300, blank=True)
    partner_group_external_id = models.CharField(max_length=120, blank=True)
    partner_other_ids = models.JSONField(default=list, blank=True)
    codes = models.JSONField(default=list, blank=True)
    tags = models.JSONField(default=list, blank=True)
    answers = models.JSONField(default=list, blank=True)
    orders = models.JSONField(default=list, blank=True)
    affiliations = models.JSONField(default=dict, blank=True)
    redacted = models.BooleanField(default=False)
    overrides = models.JSONField(default=dict, blank=True)
    conflicts = models.JSONField(default=dict, blank=True)
    push_state = models.CharField(max_length=20, choices=PushState.choices, blank=True)
    entered_at = models.DateTimeField()
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    objects = EntryQuerySet.as_manager()

    class Meta(SyncedModel.Meta):
        abstract = False
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="entry_once_per_connection"),
            models.UniqueConstraint(fields=["reference"], name="entry_reference_once"),
        ]
        indexes = [
            Unalike(fields=["organisation", "sort_name", "id"], name="entry_by_name"),
            # With what the sales by day are counted by. Oldest first: an index is cheapest to add to at its end.
            Unalike(
                fields=["organisation", "entered_at", "id", "connection", "status", "gone_at"], name="entry_by_time"
            ),
            Unalike(fields=["race", "sort_name", "id"], name="entry_of_race_by_name"),
            # Who holds a place is counted without a look at the rows.
            models.Index(fields=["race", "status", "gone_at", "listing"], name="entry_held_by_race"),
            models.Index(fields=["listing", "status", "gone_at"], name="entry_held_by_listing"),
            models.Index(fields=["organisation", "bib"], name="entry_by_bib", condition=~Q(bib="")),
            models.Index(fields=["created_by"], name="entry_by_author", condition=Q(created_by__isnull=False)),
            models.Index(fields=["organisation", "push_state"], name="entry_under_way", condition=~Q(push_state="")),
            models.Index(fields=["organisation", "own_tags"], name="entry_tagged", condition=~Q(own_tags="")),
            models.Index(fields=["organisation", "booking_id"], name="entry_by_booking", condition=~Q(booking_id="")),
            # The orders of the list, beside name and time of entry.
            Unalike("organisation", orders.BIB, "id", name="entry_in_bib_order", condition=~orders.NO_BIB),
            Unalike("organisation", orders.WAVE, "id", name="entry_in_wave_order", condition=~orders.NO_WAVE),
            Unalike("organisation", orders.PARTNER, "id", name="entry_in_partner_order", condition=~orders.NO_PARTNER),
            Unalike("organisation", orders.CLUB, "id", name="entry_in_club_order", condition=~orders.NO_CLUB),
            Unalike(fields=["organisation", "status", "id"], name="entry_in_status_order"),
            Unalike(fields=["organisation", "birth_date", "id"], name="entry_in_age_order"),
            Unalike(fields=["organisation", "gender", "id"], name="entry_in_gender_order"),
            Unalike(fields=["organisation", "ticket_title", "id"], name="entry_in_ticket_order"),
            # What few rows lack or have: they cost nothing where it is not so.
            models.Index(fields=["organisation"], name="entry_without_email", condition=Q(email="")),
            models.Index(fields=["organisation"], name="entry_gone", condition=Q(gone_at__isnull=False)),
            # Fragments are looked for through all of these texts: a tenth of the rows. PostgreSQL has trigrams.
            OnSQLite(fields=["organisation", "search_text"], name="entry_search_texts"),
            # What has nothing to be sorted by comes in the order of its ids. PostgreSQL walks the primary key.
            OnSQLite(fields=["organisation", "id"], name="entry_by_arrival"),
            models.Index(
                fields=["connection", "application_external_id"],
                name="entry_by_application",
                condition=~Q(application_external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
