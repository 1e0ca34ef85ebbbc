"""How often a listing is asked for at most. Pure.

Counts and programmes are not worth asking for as often as entries, however near the race.
"""

from collections.abc import Mapping
from datetime import timedelta

from providers.port import Cadence

SHORTEST: Mapping[Cadence, timedelta] = {
    Cadence.FAST: timedelta(minutes=1),
    Cadence.STEADY: timedelta(minutes=10),
    Cadence.SLOW: timedelta(hours=1),
}
