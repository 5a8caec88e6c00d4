"""What does not keep a course from being taught but would teach badly, one idea a module."""
