"""The pretended TickeTing, version 3 of its interface."""
