"""Coming and going of workspaces: this package is installations and their tokens."""
