"""What people see and choose for themselves: this package is their Home, wishes, saved nudges and searches."""
