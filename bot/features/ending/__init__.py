"""The end of a course that nobody tapped for: the deadline has passed, or midnight settled the last answer."""
