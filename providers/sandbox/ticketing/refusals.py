"""What it says when it says no: every text as it travels, slips of the pen included."""

from collections.abc import Iterable

from providers.sandbox.messages import Reply, json_reply
from providers.sandbox.ticketing.switches import Switches


class Refusal(Exception):
    """Ends a call. ``message``: the reference shows this one under ``message`` rather than ``error``."""

    def __init__(self, status: int, text: str, *, message: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.message = message

    def reply(self, switches: Switches) -> Reply:
        key = "message" if self.message else "error"
        return json_reply(self.status, {key if switches.error_key == "reference" else switches.error_key: self.text})


def unauthenticated() -> Refusal:
    return Refusal(401, "Your request could not be authenticated.", message=True)


def restricted() -> Refusal:
    return Refusal(403, "You are restricted from accessing this resource.", message=True)


def too_old() -> Refusal:
    return Refusal(412, "Please upgrade your client to complete this request")


def no_endpoint(path: str) -> Refusal:
    return Refusal(404, f"The requested endpoint {path} does not exist on this server.", message=True)


def no_method(path: str, method: str) -> Refusal:
    return Refusal(405, f"The {path} endpoint does not support the {method} method")


def no_resource() -> Refusal:
    return Refusal(404, "There is presently no resource with the given URI.")


def no_page() -> Refusal:
    return Refusal(404, "The specified page does not exist for the given records per page.")


def no_account() -> Refusal:
    return Refusal(404, "The requested account could not be located")


def no_host() -> Refusal:
    return Refusal(404, "The specified host could not be found.")


def no_code() -> Refusal:
    return Refusal(404, "The provided code does not belong to any event token")


def missing(names: Iterable[str]) -> Refusal:
    return Refusal(400, f"The following arguments are required, but have not been supplied: {', '.join(names)}.")


def invalid(names: Iterable[str]) -> Refusal:
    return Refusal(400, f"The following arguments have invalid values: {', '.join(names)}.")


def conflict(word: str, names: Iterable[str]) -> Refusal:
    return Refusal(409, f"The following arguments conflict with those of another {word}: {', '.join(names)}.")


def bad_query(names: Iterable[str]) -> Refusal:
    return Refusal(400, f"The following query parameters have invalid values: {', '.join(names)}.")


def not_host_administrator() -> Refusal:
    return Refusal(403, "This account is not an administrator for the relevant event host.")


def wrong_password() -> Refusal:
    return Refusal(401, "A session cannot be started with the given password.")


def global_token() -> Refusal:
    return Refusal(409, "The global admission token cannot be modified or invalidated.")


def nobody_admitted() -> Refusal:
    return Refusal(400, "None of the provided ticket serials grants admission to this event")


def category_in_use() -> Refusal:
    return Refusal(409, "You cannot delete in-use event categories.")


def region_in_use() -> Refusal:
    return Refusal(409, "A region cannot be deleted if it has venues attached")


def venue_in_use() -> Refusal:
    return Refusal(409, "A venue cannot be deleted if it is staging an event")


def sold_out() -> Refusal:
    return Refusal(400, "An order for the requested tickets could not be placed at this time. Please try again.")
