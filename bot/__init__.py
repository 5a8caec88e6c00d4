"""What speaks: receives taps, decides with the pure core, remembers, and answers."""
