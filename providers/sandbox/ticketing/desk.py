"""What every desk of the site works with."""

from providers.sandbox.messages import Reply, json_reply
from providers.sandbox.ticketing.shapes import Shapes
from providers.sandbox.ticketing.state import State
from providers.sandbox.ticketing.switches import Switches


class Desk:
    def __init__(self, state: State, switches: Switches) -> None:
        self.state = state
        self.switches = switches
        self.shapes = Shapes(state, switches)

    def deleted(self, text: str) -> Reply:
        """The answer to a deletion that went well."""
        if self.switches.delete_status == 204:
            return Reply(status=204)
        return json_reply(200, {"message": text})
