"""The coordinator's hand on the calendar."""
