"""What colleagues tell: this package is stories on their way from a teller to peers."""
