"""What is put on: events, races, and how each provider lists them."""
