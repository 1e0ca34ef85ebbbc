"""What can go wrong at a provider, sorted by what the caller should do next.

    ProviderError
    ├── CredentialsRejected     park the connection until somebody tests it again
    ├── AccessDenied            hold this resource or connection; the key is good
    ├── RateLimited             come back at ``retry_after``
    ├── ProviderUnavailable     back off, doubling
    │   └── HostUnreachable     the same, and the address itself may be wrong (DNS, TLS, refused, slow)
    ├── Refused                 a person must mend the input; never retried
    │   └── AlreadyThere        the reference is taken: look it up before anything else
    ├── OutcomeUnknown          sent, and no answer came: look it up before sending again
    ├── NotFound                the thing asked for is not there, or not ours
    ├── UnexpectedReply         the provider broke its own contract; back off and report
    ├── Unsupported             this provider cannot do that; a mistake of the caller
    └── AddressRefused          the base URL is not one we may call; nothing was sent
    BadRecord                   one record that cannot be read; the page goes on

``str(error)`` is one sentence for the organiser: no secret, no personal data. ``detail`` is for operators.
What a provider says in it is shown as one line of signs that any page and any database can bear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypedDict

LONGEST_TEXT = 500


def one_line(text: str) -> str:
    """Without control signs, of which no database takes NUL, and without those that turn the text around them."""
    line = text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(line.split())


class Call(TypedDict):
    """What is known of the call that an error is about, whatever is said of it."""

    detail: str
    status: int | None
    request_id: str


class ProviderError(Exception):
    """Base of everything a provider can raise. ``request_id`` names the call in our own log."""

    def __init__(self, sentence: str, *, detail: str = "", status: int | None = None, request_id: str = "") -> None:
        self.sentence = one_line(sentence)
        super().__init__(self.sentence)
        self.detail = one_line(detail)
        self.status = status
        self.request_id = request_id

    @property
    def call(self) -> Call:
        """For another error about the same."""
        return Call(detail=self.detail, status=self.status, request_id=self.request_id)


class CredentialsRejected(ProviderError):
    pass


class AccessDenied(ProviderError):
    pass


class RateLimited(ProviderError):
    """``retry_after`` in seconds, as the provider asked, or None."""

    def __init__(self, sentence: str, *, retry_after: float | None = None, **kwargs: object) -> None:
        super().__init__(sentence, **kwargs)  # type: ignore[arg-type]
        self.retry_after = retry_after


class ProviderUnavailable(ProviderError):
    pass


class HostUnreachable(ProviderUnavailable):
    """``reason`` is one of: "dns", "refused", "tls", "timeout", "dropped"."""

    def __init__(self, sentence: str, *, reason: str, **kwargs: object) -> None:
        super().__init__(sentence, **kwargs)  # type: ignore[arg-type]
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One objection to one field. ``rule`` is the provider's name for it, ``text`` what it says."""

    rule: str
    text: str


def _kept(told: FieldError) -> FieldError:
    """One line, and one that ends."""
    text = one_line(told.text)
    cut = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    return FieldError(rule=one_line(told.rule), text=cut)


class Refused(ProviderError):
    """The provider read the request and said no.

    ``field_errors`` is keyed by *our* field names: those of ``Person``, ``race``, ``reference``,
    ``answers.<question id>``, ``orders.<sku id>``, ``affiliations.<slug>``; ``""`` holds what fits nowhere.
    """

    def __init__(
        self,
        sentence: str,
        *,
        field_errors: Mapping[str, Sequence[FieldError]] | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(sentence, **kwargs)  # type: ignore[arg-type]
        self.field_errors: dict[str, tuple[FieldError, ...]] = {
            one_line(name): tuple(map(_kept, errors)) for name, errors in (field_errors or {}).items()
        }


class AlreadyThere(Refused):
    pass


class OutcomeUnknown(ProviderError):
    """``retry_after``: seconds the provider asked to be left alone, the look-up included, or None.

    ``met``: what came instead of a clear answer when it was looked for, so that nobody tries that again at once.
    ``advice``: what a person may do now, where it is not to look there first.
    """

    def __init__(
        self,
        sentence: str,
        *,
        retry_after: float | None = None,
        met: ProviderError | None = None,
        advice: str = "",
        **kwargs: object,
    ) -> None:
        super().__init__(sentence, **kwargs)  # type: ignore[arg-type]
        self.retry_after = retry_after
        self.met = met
        self.advice = one_line(advice)

    def still(self, met: ProviderError) -> Self:
        """The same: what came when it was sent again, or looked for, says nothing about it."""
        self.met = met
        return self


class NotFound(ProviderError):
    pass


class UnexpectedReply(ProviderError):
    pass


class Unsupported(ProviderError):
    pass


class AddressRefused(ProviderError):
    pass


class BadRecord(ValueError):
    """A record that cannot be read. ``str()`` names the field and the rule, never the value."""
