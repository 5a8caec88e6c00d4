"""Searching the lessons."""
