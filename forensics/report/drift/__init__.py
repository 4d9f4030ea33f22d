"""Drift between environments, as tables, JSON, CSV, SARIF and Markdown: one module a format."""
