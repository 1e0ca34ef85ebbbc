"""What happens at a gate: who was let in, and the codes that let stewards do it. In our words."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRecord:
    """A check-in. ``ticket`` is the entry's external id; ``steward``, ``device``: free text that nobody proves."""

    external_id: str
    event_id: str
    race_id: str
    ticket: str
    steward: str = ""
    device: str = ""
    name: str = ""
    admitted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTokenRecord:
    """A steward's code for some races of an event. ``code`` opens personal data, so it is a secret.

    ``everywhere``: for all races, also later ones. ``own``: not a steward's, the portal itself reads with it.
    """

    external_id: str
    event_id: str
    code: str = field(repr=False)
    everywhere: bool = False
    own: bool = False
    race_ids: tuple[str, ...] = ()


type GateSide = AdmissionRecord | GateTokenRecord
