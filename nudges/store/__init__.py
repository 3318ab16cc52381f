"""SQL lives here: this package keeps rows to itself and hands out domain values."""
