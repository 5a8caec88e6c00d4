"""The web side: health and metrics, and the door for what Telegram delivers."""
