"""Who runs: entries and applications."""
