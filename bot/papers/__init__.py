"""Sheets and PDFs: read and written in the worker process, whose modules the service itself never imports."""
