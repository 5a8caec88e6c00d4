"""What a term means: by command, by a tap below a lesson, and behind the bot's name in any chat."""
