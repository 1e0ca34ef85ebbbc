"""Doing what is declared: tokens issued, changed and withdrawn, tickets redeemed."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from providers.errors import NotFound, Refused, Unsupported
from providers.operations import Done, Verb
from providers.replies import Reply
from providers.ticketing.api import Api
from providers.ticketing.gate import Gates
from providers.ticketing.mapping import token_name
from providers.ticketing.payloads import TokenPayload, links, one
from providers.ticketing.receiving import receive_token
from providers.ticketing.redeeming import Redeemer
from providers.ticketing.uris import last_id, section_uri
from providers.ticketing.values import event_of, pair_of, wanted

GLOBAL = (
    "This is the event's own token: TickeTing made it with the event, it opens all races, also those added later, and "
    "it can be neither changed nor withdrawn. Keep its code out of use."
)
GONE = "TickeTing no longer has this token, so it opens nothing. Issue another."


class Performer:
    """``codes`` of tokens it makes are put there: what is stored does not have them."""

    def __init__(self, api: Api, gates: Gates, codes: dict[str, str], clock: Callable[[], datetime]) -> None:
        self._api = api
        self._gates = gates
        self._codes = codes
        self._clock = clock

    def perform(self, verb: Verb, subject: str, values: Mapping[str, object]) -> Done:
        match verb:
            case Verb.ISSUE_TOKEN:
                event_id = event_of(subject)
                return self._made(event_id, self._api.issue_token(event_id, _sections(event_id, values)))
            case Verb.EDIT_TOKEN:
                return self._edit(*pair_of(subject, "admission token"), values)
            case Verb.REVOKE_TOKEN:
                return self._revoke(*pair_of(subject, "admission token"))
            case Verb.REDEEM:
                return Redeemer(self._api, self._gates, self._clock).redeem(event_of(subject), values)
        raise Unsupported("TickeTing cannot do that through its API.")

    def _made(self, event_id: str, reply: Reply) -> Done:
        if one(msgspec.Raw(reply.body), TokenPayload) is None:
            raise reply.unreadable("no token")
        received, code = receive_token(reply.body, event_id)
        self._codes[received.external_id] = code
        facts = (("Code", code), ("Races", str(len(_covered(reply)))))
        return Done(external_id=received.external_id, facts=facts, payload=received.payload)

    def _edit(self, event_id: str, token_id: str, values: Mapping[str, object]) -> Done:
        sections = _sections(event_id, values)
        try:
            self._must_not_be_global(event_id, token_id)
            self._api.save_token(event_id, token_id, sections)
        except NotFound as error:
            raise NotFound(GONE, **error.call) from None
        return Done(external_id=token_name(event_id, token_id), facts=(("Races", str(len(sections))),))

    def _revoke(self, event_id: str, token_id: str) -> Done:
        done = Done(external_id=token_name(event_id, token_id))
        try:
            self._must_not_be_global(event_id, token_id)
            self._api.delete_token(event_id, token_id)
        except NotFound:
            pass  # it is gone, which is what was wanted
        return done

    def _must_not_be_global(self, event_id: str, token_id: str) -> None:
        token = self._api.token(event_id, token_id).read(TokenPayload)
        if token.is_global is True:
            raise Refused(GLOBAL)


def _covered(reply: Reply) -> list[object]:
    return links(reply.read(TokenPayload).sections)


def _sections(event_id: str, values: Mapping[str, object]) -> list[str]:
    chosen = values.get("races")
    ids = [last_id(each) for each in (chosen if isinstance(chosen, list | tuple) else [chosen])]
    found = [section_uri(event_id, each) for each in dict.fromkeys(ids) if each]
    if not found:
        raise wanted("races", "Choose at least one race.")
    return found
