"""The coordinator's view of a cohort."""
