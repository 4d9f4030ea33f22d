"""The terminal interface over the index."""

import os

# Textual would write the messages of errors there, which can have values in them.
os.environ.pop("TEXTUAL_LOG", None)
