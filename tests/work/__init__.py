"""Work shared by several processes: this package tests the queue, the clock and the worker on PostgreSQL."""
