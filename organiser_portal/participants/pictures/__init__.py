"""What a race's entries look like together."""
