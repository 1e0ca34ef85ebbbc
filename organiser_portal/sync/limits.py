"""What holds in the whole engine. Each time is shorter than the next: a turn, soft limit, hard limit, the lease."""

from datetime import timedelta

BUDGET = timedelta(minutes=25)  # then a walk gives its turn back, and goes on from there
SOFT_LIMIT = 29 * 60  # seconds
HARD_LIMIT = 30 * 60  # seconds
LEASE = timedelta(minutes=35)

REPLAY = "replay"  # the listing that reads again what is stored, and calls nobody

WAITS_IN_QUEUE = 55  # seconds; less than the minute between two hand-outs
