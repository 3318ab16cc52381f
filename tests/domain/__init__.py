"""Tests of pure decisions: this package needs no database, network or clock."""
