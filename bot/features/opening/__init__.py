"""Opening a cohort, and changing what stands for it."""
