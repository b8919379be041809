"""Tests of where an address leads."""
