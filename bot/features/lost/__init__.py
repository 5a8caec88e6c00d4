"""Messages that may not have arrived: shown to coordinators, sent again or left, healed by a tap."""
