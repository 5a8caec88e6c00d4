"""Everything around the service fails for a while; it must go on by itself, and a ledger accounts for what was done."""
