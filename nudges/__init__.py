"""The product's core: this package is everything Nudger decides and remembers, and it knows nothing of Slack."""
