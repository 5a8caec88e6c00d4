"""Baseline and checks: ten kept questions at once, and what came of them."""
