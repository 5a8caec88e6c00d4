"""Whether the questions of a cohort are good: the worst on one screen, each with its figures, all as a sheet."""
