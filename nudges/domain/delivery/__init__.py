"""One nudge for one person: this package decides whether, when and what, and what became of it."""
