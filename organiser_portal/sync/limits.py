"""How long things may take. Each is shorter than the next: a turn, the soft limit, the hard limit, the lease."""

from datetime import timedelta

BUDGET = timedelta(minutes=25)  # then a walk gives its turn back, and goes on from there
SOFT_LIMIT = 29 * 60  # seconds
HARD_LIMIT = 30 * 60  # seconds
LEASE = timedelta(minutes=35)

WAITS_IN_QUEUE = 55  # seconds; less than the minute between two hand-outs
