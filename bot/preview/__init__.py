"""Nudges looked at before they are sent: this package draws Block Kit in a terminal and as a page."""
