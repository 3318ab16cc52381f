"""Weeks foreseen: this package lives through a plan in memory, with the same decisions as the running app."""
