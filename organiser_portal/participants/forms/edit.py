"""The form that changes an entry, or mends one that a provider refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import MENDABLE, OutboundChange, PushState
from organiser_portal.organisations.models import Membership
from organiser_portal.participants import fields
from organiser_portal.participants.forms.asks import Asks, asks_here, asks_of
from organiser_portal.participants.forms.base import EntryForm, initial_of
from organiser_portal.participants.forms.person import person_fields
from organiser_portal.participants.history import described, newest_change_of_values
from organiser_portal.participants.models import Entry
from organiser_portal.participants.modes import EditMode, capabilities, edit_mode, status_is_ours
from organiser_portal.participants.services.outbox import current_change
from organiser_portal.participants.services.overriding import provider_value
from providers.port import Action
from providers.records import SENSITIVE_FIELDS, EntryStatus


class EditForm(EntryForm):
    """``seen`` is the newest revision when the form was shown: nobody overwrites what they have not seen."""

    bib = forms.CharField(max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    wave = forms.CharField(max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    status = forms.ChoiceField(choices=[(each.value, each.value.capitalize()) for each in EntryStatus])
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="Only staff see these.")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, entry: Entry, membership: Membership, now: datetime) -> None:
        self.entry, self.membership = entry, membership
        self.change = current_change(entry)
        self.mode = edit_mode(entry, self.change)
        self.sees_sensitive = membership.may_see_sensitive(now)
        self.latest = newest_change_of_values(entry)
        super().__init__(data, initial={**initial_of(entry), "seen": self.latest.pk if self.latest else 0})
        self.asks = self._asks()
        self.fields.update(person_fields(leave_out=self._hidden(), needed=self._needed(), today=now.date()))
        self.fields.update(self.asks.fields())
        if self.adding or not status_is_ours(entry, self.mode):
            del self.fields["status"]
        self._explain()

    @property
    def refused(self) -> OutboundChange | None:
        """The change that came back and waits to be mended."""
        return self.change if self.change and self.change.state in MENDABLE else None

    @property
    def adding(self) -> bool:
        """What was refused is the entry itself, not a later edit of it."""
        return self.refused is not None and self.refused.action == Action.ADD_ENTRY

    @property
    def label(self) -> str:
        """Whose entry it is."""
        return connection_name(self.entry.connection) if self.entry.connection else ""

    @property
    def mode_title(self) -> str:
        if self.mode is EditMode.OVERRIDE:
            return f"{self.label} takes no edits, so yours stay here"
        return f"Saved here and sent to {self.label}"

    @property
    def refusal_title(self) -> str:
        """What the provider said no to, and when."""
        if self.refused is None:
            return ""
        if self.refused.state == PushState.NEEDS_PERSON:
            return f"A person has to decide what goes to {self.label}."
        zone = ZoneInfo(self.membership.organisation.time_zone)
        at = f" at {self.refused.settled_at.astimezone(zone):%H:%M}" if self.refused.settled_at else ""
        many = sum(len(errors) for name, errors in self.errors.items() if name in self.fields)
        what = f"{self.label} refused this {'entry' if self.adding else 'change'}{at}."
        return f"{what} {_to_mend(many)}" if many else what

    @property
    def refusal_after(self) -> str:
        kept = "Nothing you typed is lost"
        kept = f"{kept}, and no place was taken at {self.label}." if self.adding else f"{kept}."
        if any(name in self.fields for name in self.errors):
            return kept
        ways = "save and send it again, or keep it here only" if self.adding else "save and send it again"
        return f"No answer below is at fault. Once {self.label} would take it, {ways}. {kept}"

    @property
    def sensitive_note(self) -> str:
        if self.shows_sensitive:
            return ""
        return "Emergency contact and medical notes: only with permission. They stay as they are."

    def show_refusal(self) -> None:
        """The provider's objections, on the fields that caused them. Call it before the form is drawn."""
        if self.refused is not None:
            self.object_to(self.refused.field_errors, label=self.label)
        if self.refused is not None and not self.refused.field_errors and self.refused.message:
            self.add_error(None, self.refused.message)

    def overtaken(self) -> bool:
        """Whether somebody changed the entry after this form was shown. Says so on the form, once.

        Ask while the entry is held, so that nobody changes it between the answer and what is saved.
        """
        seen = self.cleaned_data.get("seen") or 0
        self.latest = newest_change_of_values(self.entry)
        if self.latest is None or self.latest.pk <= seen:
            return False
        what = "; ".join(described(self.latest, sees_sensitive=self.sees_sensitive))
        who = self.latest.by or "The provider"
        self.add_error(None, f"{who} changed this entry while you were typing: {what}. Look it over and save again.")
        self.put("seen", str(self.latest.pk))
        return True

    def _asks(self) -> Asks:
        if self.mode is EditMode.OVERRIDE:
            return Asks()
        seen = self.shows_sensitive
        if self.entry.listing is None:
            return asks_here(self.entry.race, sensitive=seen)
        held = {line["sku_id"]: int(line["quantity"]) for line in self.entry.orders}
        return asks_of(self.entry.listing, held=held, sensitive=seen)

    @property
    def shows_sensitive(self) -> bool:
        """Whoever adds an entry has just typed it, and may correct it until the provider has taken it."""
        own = self.adding and self.refused is not None and self.refused.created_by_id == self.membership.user_id
        return self.sees_sensitive or own

    def _hidden(self) -> frozenset[str]:
        return frozenset() if self.shows_sensitive else SENSITIVE_FIELDS

    def _needed(self) -> frozenset[str]:
        named = frozenset(name for name in ("first_name", "last_name") if getattr(self.entry, name))
        return named | (capabilities(self.entry).needed_to_add if self.mode is EditMode.PUSH else frozenset())

    def _explain(self) -> None:
        """Beside a field: what the provider says under our value, or that it has no place for it."""
        if self.entry.connection is None:
            return
        label, taken = self.label, capabilities(self.entry).entry_fields
        for name in fields.PERSON.intersection(self.fields):
            if self.mode is EditMode.OVERRIDE and name in self.entry.overrides:
                theirs = fields.text(name, provider_value(self.entry, name)) or "nothing"
                self.fields[name].help_text = f"{label} says: {theirs}"
            elif self.mode is EditMode.PUSH and name not in taken:
                self.fields[name].help_text = f"Kept here. {label} has no place for it."


def _to_mend(many: int) -> str:
    return "One answer to fix." if many == 1 else f"{many} answers to fix."
