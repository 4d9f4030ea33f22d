"""Everything that reads a repository, and nothing else does.

A reader starts at `repository.open_repository`; contents come from `objects.stream_objects`,
history from `history.read_history`, and every git process from `runner.Git`.
"""
