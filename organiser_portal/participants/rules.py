"""Who wins where both sides have changed a field: the organisation's rules, set by its owners."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.db import transaction

from organiser_portal.core.form_fields import dress
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants import fields
from organiser_portal.participants.conflicts import rules_of
from organiser_portal.participants.merge import Rule
from organiser_portal.participants.models import FieldRule
from providers.records import PERSON_FIELDS

CHOICES = [
    (Rule.ASK.value, "Ask a person"),
    (Rule.STAFF.value, "Ours stands"),
    (Rule.PROVIDER.value, "Theirs replaces it"),
]


class RulesForm(forms.Form):
    """One choice for each field of a person."""

    def __init__(self, data: Mapping[str, str] | None = None, *, organisation: Organisation) -> None:
        self.organisation = organisation
        held = rules_of(organisation.pk)
        super().__init__(data, initial={name: held.get(name, Rule.ASK).value for name in PERSON_FIELDS})
        for name in PERSON_FIELDS:
            self.fields[name] = forms.ChoiceField(label=fields.label(name), choices=CHOICES)
        for bound in self:  # not before the last field is there: to be dressed, a field is checked
            dress(bound)

    def rules(self) -> dict[str, Rule]:
        """What was chosen. Only for a valid form."""
        return {name: Rule(self.cleaned_data[name]) for name in self.fields}


def set_rules(*, organisation: Organisation, rules: Mapping[str, Rule], by: User, now: datetime) -> list[str]:
    """From now on; conflicts that are open stay open. Returns the names of the fields whose rule has changed."""
    with transaction.atomic():
        held = rules_of(organisation.pk)
        changed = {name: rule for name, rule in rules.items() if held.get(name, Rule.ASK) is not rule}
        for name, rule in changed.items():
            FieldRule.objects.update_or_create(
                organisation=organisation, field=name, defaults={"rule": rule.value, "set_by": by, "set_at": now}
            )
        if changed:
            chosen = {name: rule.value for name, rule in changed.items()}
            audit.record(organisation=organisation, actor=by, action="conflicts.rules_changed", rules=chosen)
    return list(changed)


def in_words(organisation: Organisation) -> list[str]:
    """What is not asked about: "Ours stands: Club, E-mail"."""
    held = rules_of(organisation.pk)
    told = dict(CHOICES)
    return [
        f"{told[rule.value]}: {', '.join(names)}"
        for rule in (Rule.STAFF, Rule.PROVIDER)
        if (names := [fields.label(name) for name in PERSON_FIELDS if held.get(name) is rule])
    ]
