"""Tools without models and without domain words."""
