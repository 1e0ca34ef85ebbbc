"""A pretended eventrac, v3."""
