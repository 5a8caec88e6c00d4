"""The lesson, its question, and the answer."""
