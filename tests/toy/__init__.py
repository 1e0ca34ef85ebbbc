"""A fifth provider, as docs/adding-a-provider.md tells how to write one. For one test only."""
