"""Pretends to be Telegram: a Bot API server that refuses what Telegram refuses, phones, and a clock."""
