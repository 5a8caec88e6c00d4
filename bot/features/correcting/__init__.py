"""A question put right: another key or other words, the reason, a trial, and what follows for whom."""
