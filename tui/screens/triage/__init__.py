"""Secrets: found, looked at, decided about."""
