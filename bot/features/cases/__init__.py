"""How a cohort plays its cases: who went where, how it ended, what was decided otherwise."""
