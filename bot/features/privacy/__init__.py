"""What is kept, a copy of it, and forgetting."""
