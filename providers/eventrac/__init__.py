"""eventrac, API v3."""
