"""Leave and crisis weeks of an official's own."""
