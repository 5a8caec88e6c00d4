"""From an invitation to a seat in a cohort."""
