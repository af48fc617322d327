"""Checks of single properties, each a program of its own: exit code 0 good, 77 skipped, all else bad."""
