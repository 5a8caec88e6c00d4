"""Data taken out: rows of a cohort, the columns they have, and the forms in which they go."""
