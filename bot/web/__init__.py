"""The web side: health and metrics."""
