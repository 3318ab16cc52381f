"""The suite: this package follows the rooms of the house."""
