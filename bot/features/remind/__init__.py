"""A lesson left alone: three reminders, then a kind pause."""
