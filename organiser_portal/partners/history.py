"""What was done about a partner, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from organiser_portal.connections.models import AttemptState
from organiser_portal.partners.models import PartnerAction
from providers.operations import Verb

# What was done, and what somebody tried to do.
WORDS: dict[str, tuple[str, str]] = {
    Verb.CREATE_PARTNER.value: ("Partner created", "create the partner"),
    Verb.EDIT_PARTNER.value: ("Partner changed", "change the partner"),
    Verb.CREATE_GROUP.value: ("Places given", "give places"),
    Verb.EDIT_GROUP.value: ("Places changed", "change places"),
    Verb.DELETE_GROUP.value: ("Places taken back", "take places back"),
    Verb.SEND_CLAIM_LINK.value: ("Claim link sent", "send the claim link"),
    Verb.ENSURE_LINK.value: ("Tracking link fetched", "fetch the tracking link"),
    Verb.SET_CAP.value: ("Cap set", "set a cap"),
    Verb.PAUSE_CAMPAIGN.value: ("Campaign paused", "pause the campaign"),
    Verb.RESUME_CAMPAIGN.value: ("Campaign resumed", "resume the campaign"),
    Verb.CREATE_CAMPAIGN.value: ("Campaign created", "create the campaign"),
    Verb.EDIT_CAMPAIGN.value: ("Campaign changed", "change the campaign"),
    Verb.SET_RATES.value: ("Rates set", "set the rates"),
    Verb.SET_PARTNER_RATE.value: ("Partner's rate set", "set the partner's rate"),
    Verb.REMOVE_CAP.value: ("Cap removed", "remove a cap"),
    Verb.GRANT_ACCESS.value: ("Access granted", "grant access"),
    Verb.ADD_GOAL.value: ("Goal added", "add a goal"),
    Verb.CREDIT_RESULT.value: ("Result credited", "credit a result"),
    Verb.DECIDE_RESULTS.value: ("Results decided", "decide results"),
    Verb.CREATE_REFERRAL.value: ("Referral link made", "make a referral link"),
    Verb.END_REFERRAL.value: ("Referral link ended", "end a referral link"),
}
TONES = {AttemptState.DONE.value: "good", AttemptState.SENDING.value: "move", AttemptState.UNKNOWN.value: "bad"}


@dataclass(frozen=True, slots=True)
class Told:
    """``what`` happened, to be set in bold; ``action`` knows who, when and what came of it."""

    what: str
    tone: str
    action: PartnerAction


def tell(actions: Iterable[PartnerAction]) -> list[Told]:
    return [Told(in_words(action), TONES.get(action.state, "wait"), action) for action in actions]


def in_words(action: PartnerAction) -> str:
    """ "Claim link sent", or how far it got."""
    done, tried = WORDS.get(action.verb, (action.verb_label, action.verb_label.lower()))
    match action.state:
        case AttemptState.DONE:
            return done
        case AttemptState.SENDING:
            return f"Under way: {tried}"
        case AttemptState.UNKNOWN:
            return f"Nobody knows whether it was done: {tried}"
        case AttemptState.REFUSED:
            return f"Refused: {tried}"
    return f"Not done: {tried}"
