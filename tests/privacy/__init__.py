"""Tests of what may be seen of groups: this module is their package."""
