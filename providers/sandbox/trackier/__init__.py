"""The pretended Trackier, v1 and v2."""
