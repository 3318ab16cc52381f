"""Questions that come back: this package finds the day and the slot for them."""
