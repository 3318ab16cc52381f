"""Finding a nudge by what somebody would say: this package is the index, the ranking and its word lists."""
