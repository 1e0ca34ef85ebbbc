"""What else can be done at a provider, besides entries: declared by the provider, offered by the pages as they find it.

An operation is a form (its fields), a subject (the thing it is done to, by external id) and a result. The page knows no
more than that, so a further provider brings its own operations without a page being touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from providers.port import Received


class Verb(StrEnum):
    """What is done. The value is stored; do not rename."""

    CREATE_PARTNER = "create_partner"
    EDIT_PARTNER = "edit_partner"
    CREATE_GROUP = "create_group"  # subject: the event
    EDIT_GROUP = "edit_group"
    DELETE_GROUP = "delete_group"
    SEND_CLAIM_LINK = "send_claim_link"  # subject: the partner
    ENSURE_LINK = "ensure_link"  # subject: the campaign
    SET_CAP = "set_cap"  # subject: the campaign
    PAUSE_CAMPAIGN = "pause_campaign"
    RESUME_CAMPAIGN = "resume_campaign"
    CREATE_CAMPAIGN = "create_campaign"
    EDIT_CAMPAIGN = "edit_campaign"
    SET_RATES = "set_rates"  # subject: the campaign
    SET_PARTNER_RATE = "set_partner_rate"  # subject: the campaign
    REMOVE_CAP = "remove_cap"  # subject: the campaign
    GRANT_ACCESS = "grant_access"  # subject: the campaign
    ADD_GOAL = "add_goal"  # subject: the campaign
    CREDIT_RESULT = "credit_result"  # subject: the campaign
    DECIDE_RESULTS = "decide_results"  # subject: the partner
    CREATE_REFERRAL = "create_referral"  # subject: the partner
    END_REFERRAL = "end_referral"  # subject: the partner
    ISSUE_TOKEN = "issue_token"  # noqa: S105 - a verb; subject: the event
    EDIT_TOKEN = "edit_token"  # noqa: S105 - a verb
    REVOKE_TOKEN = "revoke_token"  # noqa: S105 - a verb
    REDEEM = "redeem"  # subject: the event
    EDIT_EVENT = "edit_event"
    SUBMIT_EVENT = "submit_event"
    ADD_RACE = "add_race"  # subject: the event
    EDIT_RACE = "edit_race"  # subject: the event
    REMOVE_RACE = "remove_race"  # subject: the event
    GIVE_TICKET = "give_ticket"  # subject: the event


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationField:
    """One value of an operation. ``kind``: text, email, long, bool, whole, decimal, choice, contacts, tickets, races,
    group, partner, serials, cap (one of the campaign's), results (the partner's that are not decided yet), race (the
    one whose page it is on), moment ("2027-05-16T09:30", local to the event).

    ``locked``: a sentence why the provider does not let it be changed; it is shown and not sent. ``pattern`` is a
    regular expression the whole text must match, ``at_least`` the smallest number.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    at_least: int | None = None
    default: str = ""
    locked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """``consequence``: what a person has to know before they press the button. ``repeatable``: safe to send twice."""

    verb: Verb
    label: str
    fields: tuple[OperationField, ...] = ()
    consequence: str = ""
    repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it. ``external_id`` of what was made or changed; ``facts`` are for the page: (name, value) pairs.

    For REDEEM ``results`` says per serial "admitted" or why not. ``made``: (external id, payload) of each, where one
    operation makes several things. ``refreshed``: what was read again afterwards, of any kind, ready to be decoded and
    stored at once; its fingerprint is not that of a listing, whose next walk reads it again. ``note``: a sentence for
    the page, where it did not come about as usual.
    """

    external_id: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    payload: bytes = b""
    made: tuple[tuple[str, bytes], ...] = ()
    refreshed: tuple["Received", ...] = ()
    note: str = ""


type Operations = Mapping[Verb, Operation]
