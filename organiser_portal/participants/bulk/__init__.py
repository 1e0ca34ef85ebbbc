"""One thing done to many entries at once."""
