"""A pretended Let's Do This, v0."""
