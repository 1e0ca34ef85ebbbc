"""Operations on partners and their places: what is asked first, what is sent, and what an unclear answer means.

No write here carries a key that makes it safe to repeat. A create whose answer was lost is therefore looked for and
never sent again; an update and a delete come to the same however often they arrive; a claim link is an e-mail, and is
sent once whatever happens.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress

import msgspec

from providers.errors import (
    AlreadyThere,
    BadRecord,
    CredentialsRejected,
    FieldError,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
)
from providers.http import Http
from providers.letsdothis import bodies, folded, partners
from providers.letsdothis.bodies import Body, Values
from providers.letsdothis.checks import check, refuse
from providers.letsdothis.links import found_link
from providers.letsdothis.offered import OPERATIONS
from providers.letsdothis.options import Options
from providers.letsdothis.payloads import read_listing, read_row, read_single
from providers.letsdothis.shapes import plain
from providers.operations import Done, Verb
from providers.port import Received
from providers.records import Kind
from providers.replies import Reply

PAUSES = (1.0, 3.0)  # seconds before a safe write is tried again
SUCCESSES = range(200, 300)
# What an address answers that does not take this method.
NO_SUCH_METHOD = frozenset({404, 405, 501})
UPDATE_METHOD = "update_method"

type Alike = Callable[[], Mapping[str, Body]]


class Desk:
    """One connection's partners and groups. ``learned``: by which method updates go."""

    def __init__(
        self, *, http: Http, options: Options, learned: MutableMapping[str, str], sleep: Callable[[float], None]
    ) -> None:
        self._http = http
        self._routes = options.routes
        self._contact_keys = options.contact_keys
        self._learned = learned
        self._sleep = sleep
        self._doers: Mapping[Verb, Callable[[str, Values], Done]] = {
            Verb.CREATE_PARTNER: self._create_partner,
            Verb.EDIT_PARTNER: self._edit_partner,
            Verb.CREATE_GROUP: self._create_group,
            Verb.EDIT_GROUP: self._edit_group,
            Verb.DELETE_GROUP: self._delete_group,
            Verb.SEND_CLAIM_LINK: self._send_claim_link,
        }

    def perform(self, verb: Verb, subject: str, values: Values) -> Done:
        """Check, then do. ``verb`` is one of OPERATIONS."""
        check(OPERATIONS[verb], values, whole=verb not in (Verb.EDIT_PARTNER, Verb.EDIT_GROUP))
        return self._doers[verb](subject, values)

    def _create_partner(self, subject: str, values: Values) -> Done:  # noqa: ARG002 - it is done to nothing
        body = bodies.new_partner(values, self._contact_keys)

        def alike() -> dict[str, Body]:
            params = {"search": str(body["name"]), "sort[createdAt]": "-1", "page[size]": "100"}
            return _by_id(row for row in self._rows("partners", "", params) if bodies.same_partner(row, body))

        taken = "There is a partner of this name, type and contacts already. Look at it before you make another."
        return self._create("partners", "", body, alike, Kind.PARTNER, taken)

    def _create_group(self, subject: str, values: Values) -> Done:
        body = bodies.new_group(values)

        def alike() -> dict[str, Body]:
            return _by_id(row for row in self._rows("event_groups", subject) if bodies.same_group(row, body))

        taken = "This partner has places of this name and type at the event already. Change those, or use another name."
        return self._create("event_groups", subject, body, alike, Kind.RESERVED_GROUP, taken)

    def _create(self, route: str, remote_id: str, body: Body, alike: Alike, kind: Kind, taken: str) -> Done:
        if alike():
            raise AlreadyThere(taken, field_errors={"name": [FieldError(rule="taken", text=taken)]})
        try:
            return _done(kind, self._send("POST", route, remote_id, body))
        except OutcomeUnknown as lost:
            return self._looked_up(alike, kind, lost)

    def _looked_up(self, alike: Alike, kind: Kind, lost: OutcomeUnknown) -> Done:
        """The answer was lost, but what it would have told may be there to see."""
        for pause in (0.0, *PAUSES):
            if pause:
                self._sleep(pause)
            try:
                found = alike()
            except (CredentialsRejected, RateLimited) as error:
                raise lost.still(error) from None
            except ProviderError:
                continue
            if len(found) == 1:
                ((external_id, row),) = found.items()
                return Done(external_id=external_id, payload=_stored(kind, row))
        raise lost

    def _edit_partner(self, subject: str, values: Values) -> Done:
        row = self._object("partner", subject)
        changes = bodies.changed_partner(row, values)
        return self._update("partner", subject, row, changes, bodies.PARTNER_KEYS, Kind.PARTNER)

    def _edit_group(self, subject: str, values: Values) -> Done:
        row = self._object("group", subject)
        changes = bodies.changed_group(row, values)
        used = partners.number(row, "usedCapacity")
        below = changes.get("maxCapacity", used) < used
        if below and not values.get("force"):
            raise refuse("capacity", "below_used", f"{used} of these places are used: fewer may not be taken.")
        done = self._update("group", subject, row, changes, bodies.GROUP_KEYS, Kind.RESERVED_GROUP)
        warning = (("Warning", f"{used} of these places are used, more than there are now."),)
        return Done(external_id=done.external_id, payload=done.payload, facts=warning) if below else done

    def _delete_group(self, subject: str, values: Values) -> Done:
        try:
            used = partners.number(self._object("group", subject), "usedCapacity")
            if used and not values.get("force"):
                raise refuse(
                    "force", "used", f"{used} of these places are used. Say so if they are to go all the same."
                )
            self._steadily("DELETE", "group", subject, None)
        except NotFound:
            return Done(external_id=subject, facts=(("Note", "It was no longer there."),))
        return Done(external_id=subject)

    def _send_claim_link(self, subject: str, values: Values) -> Done:
        try:
            reply = self._send("POST", "claim_link", subject, bodies.claim_link(values), accept=SUCCESSES)
        except OutcomeUnknown as lost:
            raise OutcomeUnknown(
                "The answer of Let's Do This was lost, so the e-mail may or may not have gone out. It is not sent "
                "again by itself: ask the partner first.",
                **lost.call,
            ) from None
        link = found_link(reply.body)
        return Done(external_id=subject, facts=(("Claim link", link),) if link else ())

    def _update(self, route: str, remote_id: str, row: Body, changes: Body, keys: Sequence[str], kind: Kind) -> Done:
        """By the method that is known to work, else by the other: what was just read is there."""
        if not changes:
            return Done(external_id=remote_id, payload=_stored(kind, row))
        known = self._learned.get(UPDATE_METHOD, "PATCH")
        methods = ("PUT", "PATCH") if known == "PUT" else ("PATCH", "PUT")
        for method in methods:
            body = changes if method == "PATCH" else bodies.whole_of(row, changes, keys)
            try:
                reply = self._steadily(method, route, remote_id, body)
            except ProviderError as error:
                if error.status not in NO_SUCH_METHOD or method == methods[-1]:
                    raise
                continue
            if method != known:
                self._learned[UPDATE_METHOD] = method
            break
        return Done(
            external_id=remote_id,
            payload=_done(kind, reply).payload if reply.body else self._now(route, remote_id, kind),
        )

    def _now(self, route: str, remote_id: str, kind: Kind) -> bytes:
        """As it is after a change whose answer was empty. The change is done: a failure here is none of it."""
        try:
            return _stored(kind, self._object(route, remote_id))
        except ProviderError:
            return b""

    def _steadily(self, method: str, route: str, remote_id: str, body: Body | None) -> Reply:
        """A write that comes to the same however often it arrives.

        Once an answer was lost only a clear one ends it: whatever else comes, it may be done.
        """
        lost: OutcomeUnknown | None = None
        for pause in (*PAUSES, None):
            try:
                return self._send(method, route, remote_id, body)
            except (NotFound, Refused):
                raise
            except ProviderError as error:
                lost = lost or (error if isinstance(error, OutcomeUnknown) else None)
                if pause is None or not _may_pass(error):
                    raise (lost.still(error) if lost and lost is not error else error) from None
                self._sleep(pause)
        raise AssertionError("the last try ends it")

    def _send(self, method: str, route: str, remote_id: str, body: Body | None, accept: Sequence[int] = ()) -> Reply:
        path, template = self._routes.path(route, remote_id), self._routes.template(route)
        return self._http.send(method, path, body, template=template, accept=accept)

    def _object(self, route: str, remote_id: str) -> Body:
        reply = self._http.get(self._routes.path(route, remote_id), template=self._routes.template(route))
        try:
            return plain(bytes(read_single(reply)))
        except BadRecord as error:
            raise reply.unreadable(str(error)) from None

    def _rows(self, route: str, remote_id: str, params: Mapping[str, str] | None = None) -> Iterator[Body]:
        """What cannot be read is passed over: it is not what anybody here asked for."""
        path, template = self._routes.path(route, remote_id), self._routes.template(route)
        for raw in read_listing(self._http.get(path, params, template=template)).rows:
            with suppress(BadRecord):
                yield plain(bytes(raw))


def _may_pass(error: ProviderError) -> bool:
    return isinstance(error, OutcomeUnknown | ProviderUnavailable) and error.status not in NO_SUCH_METHOD


def _by_id(rows: Iterable[Body]) -> dict[str, Body]:
    return {name: row for row in rows if (name := folded.words(row.get("id")))}


def _done(kind: Kind, reply: Reply) -> Done:
    """What was made, as answered. Raises OutcomeUnknown for an answer that does not name it."""
    item = read_row(kind, read_single(reply)).item
    if not isinstance(item, Received):
        raise reply.unreadable(item.reason)
    return Done(external_id=item.external_id, payload=item.payload)


def _stored(kind: Kind, row: Body) -> bytes:
    return read_row(kind, msgspec.Raw(msgspec.json.encode(row))).item.payload
