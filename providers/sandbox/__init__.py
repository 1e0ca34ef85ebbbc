"""The remote providers as local servers: faithful, deterministic, and nasty on demand.

    sandbox = Sandbox(seed=1, size="s", now=noon)
    httpx.Client(transport=sandbox.transport(), base_url=sandbox.base_url("eventrac"))
    sandbox.faults.add("eventrac:status=503,times=2")
    sandbox.letsdothis.switches.echo_next = True
    with sandbox.serve() as root: ...

In process, time is pretended; served on a loopback port, it is real.
"""

from providers.sandbox.clock import Clock
from providers.sandbox.faults import FOREVER, GRAMMAR, BadSpec, Fault, Faults
from providers.sandbox.messages import Outcome, Reply, Request
from providers.sandbox.site import BadOrder
from providers.sandbox.sites import DEMO_KEYS, DEMO_SETTINGS
from providers.sandbox.transport import SandboxTransport
from providers.sandbox.world import Logged, Sandbox, Size

__all__ = [
    "DEMO_KEYS",
    "DEMO_SETTINGS",
    "FOREVER",
    "GRAMMAR",
    "BadOrder",
    "BadSpec",
    "Clock",
    "Fault",
    "Faults",
    "Logged",
    "Outcome",
    "Reply",
    "Request",
    "Sandbox",
    "SandboxTransport",
    "Size",
]
