"""What is in the way: this package is signals, evidence and flags with their life."""
