"""What was spent on the wire."""

from typing import NamedTuple


class Cost(NamedTuple):
    """Requests sent, whatever became of them, and bytes that came."""

    requests: int = 0
    bytes: int = 0

    def since(self, before: "Cost") -> "Cost":
        return Cost(self.requests - before.requests, self.bytes - before.bytes)
