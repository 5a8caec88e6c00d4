"""Hour, quiet hours, lesson days, pace, language, pause and resume."""
