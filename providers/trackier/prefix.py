"""With /api or without: the two ways in which v1 is documented, told apart by a read."""

from http import HTTPStatus

from providers.errors import AccessDenied, CredentialsRejected, NotFound, ProviderError, UnexpectedReply
from providers.http import Http
from providers.trackier.envelopes import GONE, opened
from providers.trackier.faults import Answered

LEARNED = "path_prefix"
WORDS = {"": "none", "/api": "/api"}


class Prefix:
    """Call it for the prefix that answers; it is looked for once and kept in ``learned``."""

    def __init__(self, http: Http, candidates: tuple[str, ...], learned: dict[str, str], probe: str) -> None:
        self._http = http
        self._candidates = candidates
        self._learned = learned
        self._probe = probe
        self._found = next((each for each in candidates if learned.get(LEARNED) == WORDS[each]), None)
        if len(candidates) == 1:
            self._found = candidates[0]

    def __call__(self) -> str:
        return self.find_again() if self._found is None else self._found

    def find_again(self) -> str:
        """Ask. 401 and 403 are about the key, not about the prefix, and end the search."""
        errors: list[ProviderError] = []
        for prefix in self._candidates:
            try:
                self._ask(prefix)
            except Answered:
                raise
            except (NotFound, UnexpectedReply) as error:
                errors.append(error)
                continue
            except CredentialsRejected:
                self._ask(prefix)  # the confirming look
            self._found = prefix
            self._learned[LEARNED] = WORDS[prefix]
            return prefix
        raise _retired(errors)

    def _ask(self, prefix: str) -> None:
        opened(self._http.get(prefix + self._probe))


def _retired(errors: list[ProviderError]) -> ProviderError:
    """Plain denials are final; a page instead of JSON may be a passing matter."""
    final = all(error.status in GONE for error in errors)
    sentence = "This host no longer serves v1 of Trackier's API. Choose version v2 in the connection's settings."
    status = errors[-1].status if errors else HTTPStatus.NOT_IMPLEMENTED
    return (AccessDenied if final else UnexpectedReply)(
        sentence, detail="; ".join(error.detail for error in errors), status=status
    )
