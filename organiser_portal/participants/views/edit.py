"""Adding an entry, changing it, and mending one that a provider refused."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from organiser_portal.connections.models import PushState
from organiser_portal.core.rendering import render_page
from organiser_portal.events.figures import Capacity, capacity_of
from organiser_portal.events.models import Race
from organiser_portal.organisations.access import TenantRequest, organisation_role
from organiser_portal.organisations.roles import Role
from organiser_portal.participants import services
from organiser_portal.participants.forms import AddForm, EditForm
from organiser_portal.participants.forms.add import place_of
from organiser_portal.participants.models import Entry
from organiser_portal.participants.modes import EditMode
from organiser_portal.participants.sensitive import holds_sensitive
from organiser_portal.participants.services.outbox import current_change
from organiser_portal.participants.standing import stand, when_told
from organiser_portal.participants.views.entry import find_entry, log_look, to_entry


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.EDITOR)
def entry_add(request: TenantRequest) -> HttpResponseBase:
    now = timezone.now()
    if request.method != "POST":
        return show_add(request, add_form(request, request.GET.dict(), now))
    form = add_form(request, request.POST.dict(), now, checked=True)
    if form.is_valid() and (entry := save_new(request, form, now)):
        return to_entry(request, entry)
    return show_add(request, form, status=422)


@require_POST
@organisation_role(Role.EDITOR)
def entry_place_fields(request: TenantRequest) -> HttpResponse:
    """What the chosen race and channel ask, with everything typed so far put back. Nothing is checked or saved."""
    return show_add(request, add_form(request, request.POST.dict(), timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_role(Role.EDITOR)
def entry_edit(request: TenantRequest, pk: int) -> HttpResponseBase:
    entry, now = find_entry(request, pk), timezone.now()
    form = EditForm(request.POST or None, entry=entry, membership=request.membership, now=now)
    if form.mode is EditMode.ERASED:
        messages.error(request, str(services.EntryErased()))
        return to_entry(request, entry)
    if request.method == "POST" and form.is_valid() and save_edit(request, form, now):
        return to_entry(request, entry)
    if form.shows_sensitive and holds_sensitive(entry):
        log_look(request, entry)
    form.show_refusal()
    context = {"form": form, "entry": entry, "stand": stand(entry, form.change, now)}
    return render_page(request, "participants/entry_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@organisation_role(Role.EDITOR)
def entry_discard(request: TenantRequest, pk: int) -> HttpResponseBase:
    entry, now = find_entry(request, pk), timezone.now()
    change = current_change(entry)
    discard = services.discard_edit if change and change.action == "edit_entry" else services.discard_add
    try:
        discard(entry=entry, by=request.user, now=now)
    except services.NothingToMend:
        messages.warning(request, "There was nothing to discard any more.")
    else:
        messages.success(request, "Discarded. Nothing more is sent.")
    return to_entry(request, entry)


def add_form(request: TenantRequest, told: Mapping[str, Any], now: datetime, *, checked: bool = False) -> AddForm:
    place = place_of(request.membership, told, now)
    data = request.POST if checked else None
    return AddForm(data, membership=request.membership, place=place, now=now, shown=told)


def show_add(request: TenantRequest, form: AddForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "any_race": Race.objects.of(request.organisation).exists(),
        "place": form.place,
        "bill": form.bill(),
        "room": room_in(form.place.race),
    }
    return render_page(request, "participants/entry_add.html", context, fragment="entry-form", status=status)


def room_in(race: Race | None) -> Capacity | None:
    """How full it is, where one is chosen."""
    if race is None:
        return None
    return capacity_of(race, race.listings.select_related("connection").order_by("connection__provider", "id"))


def save_new(request: TenantRequest, form: AddForm, now: datetime) -> Entry | None:
    """The entry, new or already there; None when the form was used for somebody else, which it then says."""
    race, way = form.place.race, form.place.chosen
    assert race is not None, "a valid form names a race"
    try:
        entry = services.add_entry(
            race=race,
            listing=way.listing,
            reference=form.cleaned_data["token"],
            values=form.values(),
            by=request.user,
            now=now,
        )
    except services.FormUsed as used:
        form.renew_token()
        form.add_error(None, f"This form has already saved {used.entry.full_name}. Save again to add another entry.")
        return None
    messages.success(
        request, f"{entry.full_name} added." + (f" {when_told(way.listing.connection)}" if way.listing else "")
    )
    return entry


def save_edit(request: TenantRequest, form: EditForm, now: datetime) -> bool:
    """Do what the pressed button says. False when it cannot be done, which the form then says."""
    save: Callable[..., Entry] = services.edit_entry
    if form.refused is not None:
        save = services.keep_here if request.POST.get("action") == "keep_here" else services.mend_rejected
    try:
        with transaction.atomic():
            services.hold([form.entry.pk])
            if not services.is_saved(form.entry, form.values()) and form.overtaken():
                return False
            save(entry=form.entry, values=form.values(), by=request.user, now=now)
    except services.EntryError as error:
        form.add_error(None, str(error) or "Somebody has settled this meanwhile. Open the entry again.")
        return False
    change = current_change(form.entry)
    goes_out = change is not None and change.state == PushState.QUEUED
    messages.success(request, f"Saved. {when_told(change.connection)}" if change and goes_out else "Saved.")
    return True
