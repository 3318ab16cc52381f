"""Weeks in seconds: this package runs the real services on the sandbox's engine in virtual time."""
