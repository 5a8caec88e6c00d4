"""Cases to decide, on the phone: one message a play, edited from scene to scene."""
