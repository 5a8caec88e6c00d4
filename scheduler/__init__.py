"""When things happen: pure rules of spacing, calendars, reminders and planning."""
