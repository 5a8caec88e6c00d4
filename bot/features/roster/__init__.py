"""Rosters and personal links."""
