"""The first page: what needs a person, what sold lately, how fresh it all is."""
