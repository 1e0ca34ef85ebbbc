"""What happens at the providers, without the portal having a hand in it."""

from typing import Any

import httpx

from tools.running_demo import Demo


def happens(demo: Demo, site: str, action: str, **arguments: Any) -> Any:
    """Do it in the sandbox of this provider. Returns what came of it."""
    order = {"site": site, "action": action, "arguments": arguments}
    return _ordered(demo, "do", order)["result"]


def fails(demo: Demo, fault: str) -> None:
    """From now on, as far as the fault says, and until ``works_again``."""
    _ordered(demo, "faults", {"spec": fault})


def works_again(demo: Demo) -> None:
    httpx.delete(f"{demo.sandbox}/_control/faults").raise_for_status()


def posted(demo: Demo, ending: str = "") -> list[dict[str, Any]]:
    """What the portal has written to addresses that end like this."""
    calls: list[dict[str, Any]] = httpx.get(f"{demo.sandbox}/_control/log", params={"method": "POST"}).json()
    return [call for call in calls if call["path"].endswith(ending)]


def _ordered(demo: Demo, where: str, order: dict[str, Any]) -> Any:
    return httpx.post(f"{demo.sandbox}/_control/{where}", json=order).raise_for_status().json()
