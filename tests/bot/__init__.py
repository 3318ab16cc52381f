"""Tests of the faces: blocks, words and listeners."""
