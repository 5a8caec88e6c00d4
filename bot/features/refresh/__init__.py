"""Alumni: one question a fortnight, for as long as it is wanted."""
