"""Our side of the border: accounts at providers, and what every mirrored row has in common."""
