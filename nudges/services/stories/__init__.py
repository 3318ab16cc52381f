"""Colleagues' stories: this package carries one from its teller to its readers."""
