"""The index: one SQLite file that never holds a secret.

A reader starts at `schema.sql`; `database` opens the file, `writer` is the only one that writes
it, `reader` answers questions.
"""
