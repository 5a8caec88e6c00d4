"""Answers of learners to what the academy wrote, and what colleagues write back."""
