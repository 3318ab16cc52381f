"""When somebody works: this package is zones, hours, holidays, and the instants that follow from a schedule."""
