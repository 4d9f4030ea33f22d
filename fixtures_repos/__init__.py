"""Repositories told commit by commit, for `forensics demo` and for the tests.

Authors and clocks are fixed, so object ids are the same on every machine.
Secrets are assembled while a history is told; none stands in this source.
"""
