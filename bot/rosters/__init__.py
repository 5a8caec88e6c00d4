"""A roster as values: which column is which, what each row says, and how it compares with what stands. No I/O."""
