"""Clients of the remote providers. Plain Python: nothing in here knows Django."""
