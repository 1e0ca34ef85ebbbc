"""What lower rooms say into the open, for whoever above listens."""

from django.dispatch import Signal

change_waits = Signal()
"""An outbound change was saved that may go out now. ``connection_id``; said inside the transaction that saves it."""

listings_wait = Signal()
"""Listings of a connection fell due this moment. ``connection_id``; said inside the transaction that makes them due."""
