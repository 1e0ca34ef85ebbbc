"""Short ways to ask the pretended TickeTing."""

from typing import Any

import httpx

from providers.sandbox import DEMO_KEYS, Sandbox
from providers.sandbox.ticketing.objects import Event
from providers.sandbox.ticketing.seed import HOST_ADMIN, PASSWORD, READ_KEY, STRANGER

SYSTEM = DEMO_KEYS["ticketing"]
READER = READ_KEY


def tt_client(sandbox: Sandbox, key: str = SYSTEM, version: str = "3.0.0") -> httpx.Client:
    headers = {"X-API-Key": key, "X-Client-Version": version}
    return sandbox.client("ticketing", **{name: value for name, value in headers.items() if value})


def signed_in(sandbox: Sandbox, username: str = HOST_ADMIN) -> httpx.Client:
    """With the key of a new session of this account."""
    body = {"identification": username, "password": PASSWORD}
    reply = tt_client(sandbox, READER).post("/sessions", json=body)
    assert reply.status_code == 201
    return tt_client(sandbox, reply.json()["key"])


def at_gate(sandbox: Sandbox, code: str) -> httpx.Client:
    """With the key that a token's code is exchanged for."""
    return tt_client(sandbox, tt_client(sandbox, READER).get(f"/tokens/{code}").json()["key"])


def callers(sandbox: Sandbox) -> dict[str, httpx.Client]:
    """Everybody of the access matrix."""
    event = first(sandbox)
    return {
        "reader": tt_client(sandbox, READER),
        "stranger": signed_in(sandbox, STRANGER),
        "host": signed_in(sandbox),
        "system": tt_client(sandbox),
        "gate": at_gate(sandbox, event.tokens[0].code),
    }


def first(sandbox: Sandbox) -> Event:
    return next(iter(sandbox.ticketing.state.events.values()))


def draft(sandbox: Sandbox) -> Event:
    return next(event for event in sandbox.ticketing.state.events.values() if event.status == "Draft")


def new_event(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    like = first(sandbox)
    usual = {
        "host": like.host.id,
        "type": "Standard",
        "title": "Moorland Mile",
        "description": "One mile",
        "category": f"/categories/{like.category.id}",
        "subcategory": "Road race",
        "venue": f"/venues/{like.venue.id}",
        "public": True,
        "start": "2027-06-06T10:00",
        "end": "9999-12-31T23:59:00.000Z",
    }
    return usual | more


NEW_SECTION = {
    "name": "Mile",
    "description": "",
    "basePrice": 4.5,
    "salesStart": "2027-01-01T00:00:00.000Z",
    "salesEnd": "2027-06-01T00:00:00.000Z",
    "capacity": 3,
}
