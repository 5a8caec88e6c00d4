"""What is agreed for a cohort: read, checked, worded and carried out alike in the chat and on the command line."""
