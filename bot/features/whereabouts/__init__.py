"""Who of a cohort is where, and what a coordinator does on somebody's behalf."""
