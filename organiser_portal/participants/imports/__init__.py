"""Entries from a file: read, matched to our fields, tried, committed, undone.

`storing` keeps what was uploaded as compressed rows; `headings`, `dates` and `values` make sense of them; `identity`
says who is who; `deciding` puts every row into one of four piles; `checking`, `committing` and `undoing` go through
the rows a few at a time, driven by `running`.
"""
