"""A made-up world round the real app: this package is what the simulation plays, and how it is judged."""
