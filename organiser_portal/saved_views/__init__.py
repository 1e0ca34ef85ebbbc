"""Saved views: a list as somebody wants to see it again, under a name and an address of its own."""
