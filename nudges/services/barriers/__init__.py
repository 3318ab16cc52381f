"""What is in the way: this package hears it, closes periods, raises flags and tends them."""
