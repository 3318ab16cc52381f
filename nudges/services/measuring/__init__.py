"""Figures for admins and authors: this package counts, and tells what may be told."""
