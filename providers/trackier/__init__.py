"""Trackier: partners who recruit entrants, their campaigns, and what came of them."""
