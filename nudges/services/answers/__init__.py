"""What people do with a nudge: this package stores it once, and brings questions back."""
