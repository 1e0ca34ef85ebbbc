"""One campaign as the list would tell of it, for what has just been changed: state, short id, rates and caps in one."""

from collections.abc import Callable, Mapping

from providers.errors import AccessDenied, NotFound, ProviderError, Refused, UnexpectedReply
from providers.port import Received
from providers.records import Kind
from providers.trackier.adapter import id_of, read_again
from providers.trackier.calls import Calls, part
from providers.trackier.envelopes import held
from providers.trackier.faults import says_nothing
from providers.trackier.quirks import Object, as_list, as_map, counted, pick, words

PER_PAGE = 100
MOST_PAGES = 10  # of the list that are looked through for the state of one campaign


class Single:
    """``numbers``: long ids to short ones, as far as the reports know them."""

    def __init__(self, calls: Calls, numbers: Callable[[], Mapping[str, object]]) -> None:
        self._calls = calls
        self._numbers = numbers

    def again(self, campaign: str, *, active: bool | None = None) -> tuple[Received, ...]:
        return read_again(Kind.CAMPAIGN, campaign, self.look(campaign, active=active))

    def look(self, campaign: str, *, active: bool | None = None) -> Object:
        """Read after a change that is done already, so that a failure here is none of the change: {} for it.

        ``active``: what it should be by now; it is looked for there first. {} also where nothing tells whether it
        runs: better the old row than half a new one.
        """
        try:
            found = self.read(campaign)
            status = words(found.get("status")).lower()
            state = status == "active" if status else self.listed_as(campaign, first=active is not False)
        except ProviderError:
            return {}
        return {} if state is None else {**found, "active": state}

    def read(self, campaign: str) -> Object:
        """The campaign with its commissions, its caps and its short id. Raises NotFound."""
        answer = self._calls.get(f"/campaign/{part(campaign)}")
        found = as_map(held(answer, "campaign"))
        number = pick(found, "display_id") or self._numbers().get(campaign)
        more = {"commissions": as_list(held(answer, "commissions")), **({"display_id": number} if number else {})}
        return {"_id": campaign, **found, **more, **self._caps(campaign)}

    def listed_as(self, campaign: str, *, first: bool = True) -> bool | None:
        """Which of the two lists names it; None: neither, as far as they were looked through."""
        for active in (first, not first):
            if self._is_listed(campaign, active=active):
                return active
        return None

    def _is_listed(self, campaign: str, *, active: bool) -> bool:
        for page in range(1, MOST_PAGES + 1):
            answer = self._calls.get("/campaign", {"active": int(active), "limit": PER_PAGE, "page": page})
            found = as_list(held(answer, "campaigns"))
            if any(id_of(as_map(each), ("_id",)) == campaign for each in found):
                return True
            limit = counted(held(answer, "limit")) or PER_PAGE
            if not found or page * limit >= counted(held(answer, "total")):
                return False
        return False

    def _caps(self, campaign: str) -> Object:
        try:
            return {"caps": caps_of(self._calls, campaign)}
        except (AccessDenied, NotFound, Refused, UnexpectedReply) as error:
            if says_nothing(error):
                raise
            return {}


def caps_of(calls: Calls, campaign: str) -> list[Object]:
    return [as_map(each) for each in as_list(held(calls.get(f"/caps/{part(campaign)}"), "caps"), key="id")]
