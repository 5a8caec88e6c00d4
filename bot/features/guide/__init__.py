"""Help, cancel, and one helpful line for words nobody waits for."""
