"""The pages of events and races."""
