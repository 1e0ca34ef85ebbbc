"""The control endpoint, ``/_control/...``: tests in another process steer the sandbox through it. JSON both ways.

GET    /_control/            everything below in one answer
GET    /_control/faults      POST {"spec": "..."} adds, DELETE clears
GET    /_control/switches    POST {"<provider>": {"<switch>": value}}
GET    /_control/clock       POST {"set": "<iso>"} | {"advance": seconds} | {"freeze": true|false} | {"reset": true}
GET    /_control/log         ?site=&method=&after=N; DELETE forgets
POST   /_control/do          {"site": "<provider>", "action": "...", "arguments": {...}}
POST   /_control/tick        {"times": N}: N small things happen at once
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from providers.sandbox.faults import BadSpec
from providers.sandbox.messages import JSON, Reply, Request, json_reply
from providers.sandbox.site import BadOrder

if TYPE_CHECKING:
    from providers.sandbox.world import Logged, Sandbox

CONTROL = "/_control"

type Answer = Callable[[Request, dict[str, Any]], object]


class Control:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._routes: dict[tuple[str, str], Answer] = {
            ("GET", ""): self._everything,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "switches"): self._switches,
            ("POST", "switches"): self._turn_switches,
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._set_clock,
            ("GET", "log"): self._log,
            ("DELETE", "log"): self._forget_log,
            ("POST", "do"): self._do,
            ("POST", "tick"): self._tick,
        }

    def answer(self, request: Request) -> Reply:
        name = request.path.removeprefix(CONTROL).strip("/")
        route = self._routes.get((request.method, name))
        if route is None:
            return json_reply(404, {"message": f"no {request.method} {name}"})
        if request.method == "POST" and not request.headers.get("content-type", "").startswith(JSON):
            # A page of another site can only post other types without asking first.
            return json_reply(415, {"message": "send application/json"})
        try:
            body = msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
            return json_reply(200, route(request, body))
        except (msgspec.DecodeError, BadSpec, BadOrder, ValueError, KeyError) as error:
            return json_reply(400, {"message": str(error)})

    def _everything(self, request: Request, body: Mapping[str, Any]) -> object:
        sites = {
            site.key: {
                "base_url": self._sandbox.base_url(site.key),
                "key": site.demo_key,
                "settings": dict(site.demo_settings),
                "counts": site.counts(),
            }
            for site in self._sandbox.sites()
        }
        return {
            "sites": sites,
            "switches": self._switches(request, body),
            "faults": self._faults(request, body),
            "clock": self._clock(request, body),
            "ticks": self._sandbox.trickle.ticks,
            "requests": len(self._sandbox.log),
        }

    def _faults(self, request: Request, body: Mapping[str, Any]) -> object:
        return self._sandbox.faults.listed()

    def _add_faults(self, request: Request, body: Mapping[str, Any]) -> object:
        self._sandbox.faults.add(str(body["spec"]))
        return self._sandbox.faults.listed()

    def _clear_faults(self, request: Request, body: Mapping[str, Any]) -> object:
        self._sandbox.faults.clear()
        return []

    def _switches(self, request: Request, body: Mapping[str, Any]) -> object:
        return {site.key: msgspec.to_builtins(site.switches) for site in self._sandbox.sites()}

    def _turn_switches(self, request: Request, body: Mapping[str, Any]) -> object:
        for key, changes in body.items():
            self._sandbox.site(key).switch(changes)
        return self._switches(request, body)

    def _clock(self, request: Request, body: Mapping[str, Any]) -> object:
        return {"now": self._sandbox.clock().isoformat()}

    def _set_clock(self, request: Request, body: Mapping[str, Any]) -> object:
        clock = self._sandbox.clock
        if body.get("reset"):
            clock.reset()
        if "set" in body:
            clock.set(datetime.fromisoformat(body["set"]))
        if "advance" in body:
            clock.advance(float(body["advance"]))
        if "freeze" in body:
            clock.freeze() if body["freeze"] else clock.run()
        return self._clock(request, body)

    def _log(self, request: Request, body: Mapping[str, Any]) -> object:
        asked = dict(request.query)
        calls = self._sandbox.calls(asked.get("site", ""), asked.get("method", ""))
        return [_shown(logged) for logged in calls[int(asked.get("after", 0)) :]]

    def _forget_log(self, request: Request, body: Mapping[str, Any]) -> object:
        self._sandbox.log.clear()
        return []

    def _do(self, request: Request, body: Mapping[str, Any]) -> object:
        site = self._sandbox.site(str(body["site"]))
        return {"result": site.act(str(body["action"]), body.get("arguments", {}))}

    def _tick(self, request: Request, body: Mapping[str, Any]) -> object:
        for _ in range(int(body.get("times", 1))):
            self._sandbox.trickle.tick()
        return {"ticks": self._sandbox.trickle.ticks}


def _shown(logged: "Logged") -> dict[str, object]:
    return {
        "at": logged.at.isoformat(),
        "site": logged.site,
        "method": logged.method,
        "path": logged.path,
        "query": logged.query,
        "status": logged.status,
        "fault": logged.fault,
        "body": logged.body.decode("utf-8", "replace"),
    }
