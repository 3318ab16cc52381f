"""What people tell in their own words: this package guesses which barrier a short text is about, for asking back."""
