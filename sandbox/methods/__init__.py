"""The Bot API methods the sandbox knows, one idea a module; the table of all of them stands in `table.py`."""
