"""Hour, quiet hours, posting, pause and resume."""
