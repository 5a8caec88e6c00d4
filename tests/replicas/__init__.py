"""Several replicas, one budget, and nobody who waits: `python -m tests.replicas`."""
