"""A scan: contents through the detectors, history beside it, both into the index.

A reader starts at `engine.scan_repository`.
"""
