"""/reports: the evidence pack, and data as files."""
