"""The service is killed again and again while people tap and broadcasts go out; a ledger accounts for all of it."""
