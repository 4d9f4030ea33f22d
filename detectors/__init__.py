"""Detectors turn bytes into hits. They know no git, no index and no screen.

A reader starts at `scanner.Scanner`; rules are data in `rules/`, read by `rule`.
"""
