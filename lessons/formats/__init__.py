"""Question banks in the formats that Moodle reads and writes: GIFT and Aiken, both ways."""
