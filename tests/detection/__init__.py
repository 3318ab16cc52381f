"""Barriers found in what groups do, on made-up companies."""
