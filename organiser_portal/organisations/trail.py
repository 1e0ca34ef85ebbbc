"""The audit trail in sentences. Actions of higher rooms are known here by their names alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from organiser_portal.core import wording
from organiser_portal.organisations.models import AuditRecord
from organiser_portal.organisations.roles import Role

type Detail = Mapping[str, Any]
NOBODY = "command line"
OUTCOMES = {"unknown": "nobody knows whether it was done", "refused": "it was refused"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """``noun`` names the action in the filter; ``verb`` follows the person's name, ``more`` the subject."""

    noun: str
    verb: str
    more: Callable[[Detail], str] = lambda _detail: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    at: datetime
    who: str
    noun: str
    verb: str
    subject: str
    more: str


def _names(detail: Detail) -> str:
    """ "fields and keys": the names of what changed, never the values."""
    fields = [str(name).replace("_", " ") for name in detail.get("fields", ())]
    secrets = [f"{str(name).replace('_', ' ')} (secret)" for name in detail.get("secrets", ())]
    return f": {', '.join([*fields, *secrets])}" if fields or secrets else ""


def _role(detail: Detail) -> str:
    role = detail.get("role", "")
    return f" as {Role(role).noun.lower()}" if role in Role.values else ""


def _roles(detail: Detail) -> str:
    before = detail.get("before", "")
    was = f", who was {Role(before).noun.lower()}" if before in Role.values else ""
    return f"{_role(detail).replace(' as ', ' to ')}{was}"


def _until(detail: Detail) -> str:
    try:
        until = timezone.localtime(datetime.fromisoformat(str(detail.get("until"))))
    except ValueError:
        return ""
    return f" until {until.day} {until:%B %Y}"


def _test(detail: Detail) -> str:
    return ": the key was accepted" if detail.get("accepted") else ": it did not work"


def _questions(detail: Detail) -> str:
    number = detail.get("questions", 0)
    return f": {number} question{'' if number == 1 else 's'}"


def _changes(detail: Detail) -> str:
    return f": {detail.get('changes', 0)}"


def _columns(detail: Detail) -> str:
    columns = ", ".join(str(name).replace("_", " ") for name in detail.get("columns", ()))
    return f": {columns}, {wording.grouped(detail.get('rows', 0))} rows" if columns else ""


def _filters(detail: Detail) -> str:
    filters = ", ".join(str(name).replace("_", " ") for name in detail.get("filters", ()))
    short = "" if detail.get("finished", True) else "; the download was broken off"
    return (f", filtered by {filters}" if filters else "") + short


def _batch(detail: Detail) -> str:
    does = f" ({detail['does']})" if detail.get("does") else ""
    return f", batch {detail.get('batch', '')}{does}"


def _result(detail: Detail) -> str:
    return _batch(detail) + _filters(detail)


def _rows(detail: Detail) -> str:
    return f": {wording.grouped(detail.get('rows', 0))} rows{_filters(detail)}"


def _capacity(detail: Detail) -> str:
    before, after = (detail.get(name) for name in ("before", "after"))
    return f" from {'none' if before is None else before} to {'none' if after is None else after}"


def _attempt(detail: Detail) -> str:
    return "" if detail.get("state") == "done" else f": {OUTCOMES.get(str(detail.get('state')), 'not done')}"


def _redeemed(detail: Detail) -> str:
    if "admitted" not in detail:
        return _attempt(detail)
    return f": {detail['admitted']} let in, {detail.get('refused', 0)} not accepted"


def _settled(detail: Detail) -> str:
    number, filters = detail.get("number", 0), ", ".join(str(name) for name in detail.get("filters", ()))
    which = "theirs taken" if detail.get("choice") == "theirs" else "ours kept"
    return f": {number} conflict{'' if number == 1 else 's'}, {which}" + (f", by {filters}" if filters else "")


def _rules(detail: Detail) -> str:
    rules = dict(detail.get("rules", {}))
    return ": " + ", ".join(f"{str(name).replace('_', ' ')} {RULES.get(rule, rule)}" for name, rule in rules.items())


def _doubt(detail: Detail) -> str:
    return f": {detail.get('listing', '')}, run {detail.get('run', '')}. {detail.get('refused_because', '')}"


RULES = {"ask": "is asked about", "staff": "stays ours", "provider": "follows the provider"}


PHRASES: Mapping[str, Mapping[str, Phrase]] = {
    "People": {
        "person.invited": Phrase("Invited", "invited", _role),
        "person.invitation_resent": Phrase("Invitation sent again", "sent the invitation again to"),
        "person.invitation_revoked": Phrase("Invitation withdrawn", "withdrew the invitation of"),
        "person.joined": Phrase("Joined", "joined", _role),
        "person.added": Phrase("Added", "added", _role),
        "person.role_changed": Phrase("Role changed", "changed the role of", _roles),
        "person.removed": Phrase("Removed", "removed"),
        "person.sensitive_granted": Phrase("Sensitive data opened", "opened sensitive data to", _until),
        "person.sensitive_withdrawn": Phrase("Sensitive data closed", "closed sensitive data to"),
    },
    "Connections": {
        "connection.created": Phrase("Connected", "added the connection to", _names),
        "connection.changed": Phrase("Connection changed", "changed the connection to", _names),
        "connection.tested": Phrase("Connection tested", "tested the connection to", _test),
        "connection.paused": Phrase("Connection paused", "paused the connection to"),
        "connection.resumed": Phrase("Connection resumed", "resumed the connection to"),
        "run.accepted": Phrase("Doubted run accepted", "accepted a run that was not believed of", _doubt),
        "connection.mapping_changed": Phrase("Questions mapped", "mapped the questions of", _questions),
        "connection.changes_understood": Phrase("Changes understood", "put away changes in what came from", _changes),
    },
    "Entries": {
        "entries.exported": Phrase("Exported", "downloaded", _filters),
        "entries.exported_sensitive": Phrase(
            "Exported with sensitive data", "downloaded, with sensitive data,", _filters
        ),
        "applications.exported": Phrase("Applications exported", "downloaded", _filters),
        "entries.batch_started": Phrase("Changed in bulk", "changed in bulk", _batch),
        "entries.batch_undone": Phrase("Bulk change undone", "undid the bulk change of", _batch),
        "entries.batch_downloaded": Phrase(
            "Result of a bulk change exported", "downloaded what came of the bulk change of", _result
        ),
        "entries.import_started": Phrase("Imported", "imported a file of", _batch),
        "entries.import_undone": Phrase("Import undone", "undid the import of", _batch),
        "entries.import_downloaded": Phrase(
            "Result of an import exported", "downloaded what came of the import of", _result
        ),
        "entries.sensitive_seen": Phrase("Sensitive columns seen", "looked at sensitive columns of entries", _columns),
        "entry.sensitive_seen": Phrase("Sensitive data of an entry seen", "looked at the sensitive data of entry"),
        "application.sensitive_seen": Phrase(
            "Sensitive data of an application seen", "looked at the sensitive data of"
        ),
        "conflicts.settled": Phrase("Conflicts settled together", "settled together, as number", _settled),
        "conflicts.undone": Phrase("Settled conflicts opened again", "undid settlement", _settled),
        "conflicts.rules_changed": Phrase("Rules for conflicts changed", "changed the rules for conflicts", _rules),
    },
    "Races": {
        "race.linked": Phrase("Listings joined", "joined a listing to"),
        "race.split_off": Phrase("Listing split off", "split a listing off from"),
        "race.licence_changed": Phrase("Licence changed", "changed the licensed places of", _capacity),
        "event.last_claims_changed": Phrase("Last day for claims", "set the last day for claims of", _capacity),
    },
    "Partners": {
        "partners.exported": Phrase("Runners exported", "downloaded the runners of"),
        "partners.listed": Phrase("Partners exported", "downloaded the list of partners", _rows),
        "partners.campaign_linked": Phrase("Campaign linked", "linked to a race the campaign"),
        "partners.create_partner": Phrase("Partner created", "created the partner", _attempt),
        "partners.edit_partner": Phrase("Partner changed", "changed the partner", _attempt),
        "partners.create_group": Phrase("Places given", "gave places to", _attempt),
        "partners.edit_group": Phrase("Places changed", "changed the places", _attempt),
        "partners.delete_group": Phrase("Places taken back", "took back the places", _attempt),
        "partners.send_claim_link": Phrase("Claim link sent", "sent a claim link for", _attempt),
        "partners.ensure_link": Phrase("Tracking link fetched", "fetched a tracking link for", _attempt),
        "partners.create_campaign": Phrase("Campaign created", "created the campaign", _attempt),
        "partners.edit_campaign": Phrase("Campaign changed", "changed the campaign", _attempt),
        "partners.pause_campaign": Phrase("Campaign paused", "paused the campaign", _attempt),
        "partners.resume_campaign": Phrase("Campaign resumed", "resumed the campaign", _attempt),
        "partners.set_rates": Phrase("Rates set", "set the rates of", _attempt),
        "partners.set_partner_rate": Phrase("Partner's rate set", "set a partner's own rate:", _attempt),
        "partners.set_cap": Phrase("Cap set", "set a cap on", _attempt),
        "partners.remove_cap": Phrase("Cap removed", "removed a cap from", _attempt),
        "partners.grant_access": Phrase("Access granted", "granted access to a campaign:", _attempt),
        "partners.add_goal": Phrase("Goal added", "added a goal to", _attempt),
        "partners.credit_result": Phrase("Result credited", "credited a result to", _attempt),
        "partners.decide_results": Phrase("Results decided", "decided results of", _attempt),
        "partners.create_referral": Phrase("Referral link made", "made a referral link for", _attempt),
        "partners.end_referral": Phrase("Referral link ended", "ended a referral link of", _attempt),
    },
    "Gates": {
        "gates.issue_token": Phrase("Token issued", "issued an admission token for", _attempt),
        "gates.edit_token": Phrase("Token changed", "changed an admission token of", _attempt),
        "gates.revoke_token": Phrase("Token withdrawn", "withdrew an admission token of", _attempt),
        "gates.card_seen": Phrase("Token's code seen", "opened the card with the code of an admission token of"),
        "gates.redeem": Phrase("Tickets redeemed", "redeemed tickets at", _redeemed),
    },
    "Organisation": {
        "organisation.created": Phrase("Organisation made", "made the organisation"),
        "organisation.changed": Phrase("Organisation changed", "changed the organisation", _names),
    },
}
ALL = {action: phrase for group in PHRASES.values() for action, phrase in group.items()}


def line(record: AuditRecord) -> Line:
    """One record as a sentence. An action nobody has put in words is shown by its name."""
    phrase = ALL.get(record.action) or Phrase("", f"{record.action.replace('_', ' ').replace('.', ', ')}:")
    own = record.action == "person.joined"
    return Line(
        at=record.at,
        who=_who(record),
        noun=phrase.noun,
        verb=phrase.verb,
        subject="" if own else record.subject,
        more=phrase.more(record.detail),
    )


def _who(record: AuditRecord) -> str:
    if record.actor:
        return str(record.actor)
    return "The command line" if record.actor_label in ("", NOBODY) else record.actor_label


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a select: every action in words, by area."""
    return [(area, [(action, phrase.noun) for action, phrase in group.items()]) for area, group in PHRASES.items()]
