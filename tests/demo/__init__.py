"""Life in the demo: this package tests personas, colleagues and what they do as the clock moves."""
