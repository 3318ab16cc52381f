"""Counts that may be told: this package is rates, intervals and the limits under which nothing is shown."""
