"""A coordinator's words to a cohort."""
