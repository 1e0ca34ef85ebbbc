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

from providers.sandbox.messages import JSON, Reply, Request, json_reply

if TYPE_CHECKING:
    from providers.sandbox.world import Logged, Sandbox

CONTROL = "/_control"

type Route = Callable[[], object]


class Control:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def answer(self, request: Request) -> Reply:
        name = request.path.removeprefix(CONTROL).strip("/")
        if request.method == "POST" and not request.headers.get("content-type", "").startswith(JSON):
            # A page of another site can only post other types without asking first.
            return json_reply(415, {"message": "send application/json"})
        try:
            body = msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
            route = self._routes(dict(request.query), body).get((request.method, name))
            if route is None:
                return json_reply(404, {"message": f"no {request.method} {name}"})
            return json_reply(200, route())
        except (msgspec.DecodeError, ValueError, KeyError) as error:
            return json_reply(400, {"message": str(error)})

    def _routes(self, asked: Mapping[str, str], body: Mapping[str, Any]) -> dict[tuple[str, str], Route]:
        sandbox = self._sandbox
        return {
            ("GET", ""): self._everything,
            ("GET", "faults"): sandbox.faults.listed,
            ("POST", "faults"): lambda: self._add_faults(str(body["spec"])),
            ("DELETE", "faults"): sandbox.faults.clear,
            ("GET", "switches"): self._switches,
            ("POST", "switches"): lambda: self._turn_switches(body),
            ("GET", "clock"): self._clock,
            ("POST", "clock"): lambda: self._set_clock(body),
            ("GET", "log"): lambda: self._log(asked),
            ("DELETE", "log"): sandbox.log.clear,
            ("POST", "do"): lambda: self._do(body),
            ("POST", "tick"): lambda: self._tick(int(body.get("times", 1))),
        }

    def _everything(self) -> object:
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
            "switches": self._switches(),
            "faults": self._sandbox.faults.listed(),
            "clock": self._clock(),
            "ticks": self._sandbox.trickle.ticks,
            "requests": len(self._sandbox.log),
        }

    def _add_faults(self, spec: str) -> object:
        self._sandbox.faults.add(spec)
        return self._sandbox.faults.listed()

    def _switches(self) -> object:
        return {site.key: msgspec.to_builtins(site.switches) for site in self._sandbox.sites()}

    def _turn_switches(self, wanted: Mapping[str, Any]) -> object:
        for key, changes in wanted.items():
            self._sandbox.site(key).switch(changes)
        return self._switches()

    def _clock(self) -> object:
        return {"now": self._sandbox.clock().isoformat()}

    def _set_clock(self, wanted: Mapping[str, Any]) -> object:
        clock = self._sandbox.clock
        if wanted.get("reset"):
            clock.reset()
        if "set" in wanted:
            clock.set(datetime.fromisoformat(wanted["set"]))
        if "advance" in wanted:
            clock.advance(float(wanted["advance"]))
        if "freeze" in wanted:
            clock.freeze() if wanted["freeze"] else clock.run()
        return self._clock()

    def _log(self, asked: Mapping[str, str]) -> object:
        calls = self._sandbox.calls(asked.get("site", ""), asked.get("method", ""))
        return [_shown(logged) for logged in calls[int(asked.get("after", 0)) :]]

    def _do(self, order: Mapping[str, Any]) -> object:
        site, action = str(order["site"]), str(order["action"])
        return {"result": self._sandbox.act(site, action, dict(order.get("arguments", {})))}

    def _tick(self, times: int) -> object:
        for _ in range(times):
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
