"""The pages of entries and applications."""
