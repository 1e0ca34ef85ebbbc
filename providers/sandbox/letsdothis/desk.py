"""Partners, the places reserved for them, and the links by which they are claimed: reads and writes."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.clock import iso_milliseconds, milliseconds
from providers.sandbox.letsdothis.accounts import Account
from providers.sandbox.letsdothis.changes import Changes
from providers.sandbox.letsdothis.objects import Body, Group, Row, short_id
from providers.sandbox.letsdothis.paging import window
from providers.sandbox.letsdothis.partners_seed import PARTNER
from providers.sandbox.letsdothis.queries import Refusal, bad_query
from providers.sandbox.letsdothis.schemas import (
    CLAIM_LINK,
    EXTERNAL_KINDS,
    GROUP_CREATE,
    GROUP_UPDATE,
    PARTNER_CREATE,
    PARTNER_UPDATE,
    read_body,
)
from providers.sandbox.messages import Reply, Request, json_reply

_BLANK_PARTNER: Body = {
    "description": "", "type": None, "externalIds": {}, "defaultMarketing": {}, "specificMarketings": [],
    "canCreateSubPartners": False,
}  # fmt: skip


class Desk:
    """One account's partners and groups."""

    def __init__(self, site: Changes, account: Account) -> None:
        self._site = site
        self._account = account

    def answer(self, request: Request, asked: Mapping[str, str]) -> Reply | None:
        """None: not an address of ours."""
        switches = self._site.switches
        updates = ("PATCH", "PUT") if switches.update_method == "both" else (switches.update_method,)
        groups, claim = switches.reserved_entries_path, switches.claim_link_path
        match (request.method, *request.segments):
            case ("GET", "partners"):
                return self._partners(asked)
            case ("POST", "partners"):
                return self._add_partner(request)
            case ("GET", "partners", partner_id):
                return _ok(self._partner(partner_id, asked).body)
            case (method, "partners", partner_id) if method in updates:
                return self._update_partner(self._partner(partner_id, asked), request)
            case ("POST", "partners", partner_id, path) if path == claim:
                return self._claim_link(self._partner(partner_id, asked), request)
            case ("GET", "events", event_id, path) if path == groups:
                return self._groups(event_id)
            case ("POST", "events", event_id, path) if path == groups:
                return self._add_group(event_id, request)
            case ("GET", path, group_id) if path == groups:
                return _ok(self._group(group_id).body)
            case (method, path, group_id) if path == groups and method in updates:
                return self._update_group(self._group(group_id), request)
            case ("DELETE", path, group_id) if path == groups:
                del self._account.groups[self._group(group_id).id]
                return _ok({})
        return None

    def _partners(self, asked: Mapping[str, str]) -> Reply:
        search = asked.get("search", "").lower()

        def named(row: Row) -> bool:
            return search in str((row.body or {})["name"]).lower()

        accepts = named if search else None
        found = window(self._account.partners, self._site.switches, asked, accepts, ("search", search))
        return _ok({"data": [row.body for row in found.rows], "page": found.page})

    def _partner(self, partner_id: str, asked: Mapping[str, str]) -> Row:
        kind = asked.get("externalId", "")
        if kind and kind not in EXTERNAL_KINDS:
            raise bad_query("externalId", "must be equal to one of the allowed values")
        if not kind:
            row = self._account.partners.get(partner_id)
        else:
            row = next((row for row in self._account.partners if _external_id(row, kind) == partner_id), None)
        if row is None:
            raise Refusal(404, "Partner not found")
        return row

    def _add_partner(self, request: Request) -> Reply:
        given = read_body(request, PARTNER_CREATE, required=("name", "contacts"))
        now = milliseconds(self._site.clock())
        body = _BLANK_PARTNER | given
        body |= {"createdAt": iso_milliseconds(now), "updatedAt": iso_milliseconds(now)}
        row = Row(PARTNER, short_id("p_", self._site.next_number()), now, now, body=body)
        body["id"] = row.id
        self._account.partners.add(row)
        return self._created(body)

    def _update_partner(self, row: Row, request: Request) -> Reply:
        given = read_body(request, PARTNER_UPDATE)
        body = row.body = (row.body or {}) | given
        self._site.touch(self._account.partners, row)
        for group in self._account.groups.values():
            if group.partner and group.partner["id"] == row.id:
                group.partner = body
        return _ok(body)

    def _claim_link(self, row: Row, request: Request) -> Reply:
        given = read_body(request, CLAIM_LINK)
        if "reservedEntryId" in given:
            self._group(given["reservedEntryId"])
        self._account.outbox.append({"partnerId": row.id, **given})
        match self._site.switches.claim_link_answer:
            case "url":
                return _ok({"url": f"https://www.letsdothis.example/claim/{len(self._account.outbox):06x}"})
            case "empty":
                return Reply(status=200)
        return _ok({})

    def _known_event(self, event_id: str) -> None:
        if event_id not in self._account.events:
            raise Refusal(404, "Event not found")

    def _groups(self, event_id: str) -> Reply:
        self._known_event(event_id)
        groups = [group.body for group in self._account.groups.values() if group.event_id == event_id]
        return _ok({"data": groups})

    def _group(self, group_id: str) -> Group:
        group = self._account.groups.get(group_id)
        if group is None:
            raise Refusal(404, "Reserved entry group not found")
        return group

    def _add_group(self, event_id: str, request: Request) -> Reply:
        self._known_event(event_id)
        given = read_body(request, GROUP_CREATE, required=("name", "maxCapacity", "tickets", "type"))
        partner = self._account.partners.get(given["partnerId"]) if "partnerId" in given else None
        if "partnerId" in given and partner is None:
            raise Refusal(400, "body/partnerId is not a known partner")
        body: Body = {"description": "", "partnerId": None, "usedCapacity": 0, "settings": {}, "eventId": event_id}
        body |= given
        body["id"] = short_id("re_", self._site.next_number())
        group = Group(id=body["id"], event_id=event_id, body=body, partner=partner.body if partner else None)
        self._account.groups[group.id] = group
        return self._created(body)

    def _update_group(self, group: Group, request: Request) -> Reply:
        given = read_body(request, GROUP_UPDATE)
        if given.get("maxCapacity", group.body["usedCapacity"]) < group.body["usedCapacity"]:
            raise Refusal(400, "body/maxCapacity must be >= usedCapacity")
        group.body |= given
        return _ok(group.body)

    def _created(self, body: Body) -> Reply:
        return _ok(body, self._site.switches.create_status)


def _ok(body: Any, status: int = 200) -> Reply:
    return json_reply(status, body, content_type="application/json; charset=utf-8")


def _external_id(row: Row, kind: str) -> object:
    return (row.body or {}).get("externalIds", {}).get(kind)
