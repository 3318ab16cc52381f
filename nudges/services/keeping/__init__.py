"""What is kept and what is not: this package is backups, restores, pruning and forgetting."""
