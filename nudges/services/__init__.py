"""Use cases: this package is one module for each thing Nudger does from end to end."""
