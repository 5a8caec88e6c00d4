"""A new posting: where, and from which day."""
