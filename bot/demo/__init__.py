"""The demo: the real service against the sandbox, with a cast or with simulated officials."""
