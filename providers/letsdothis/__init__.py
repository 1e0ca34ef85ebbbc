"""Let's Do This: entries and applications read incrementally, events and races derived from them."""
