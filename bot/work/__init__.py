"""Several processes on one PostgreSQL: this package is the queue between them, the clock and the worker."""
