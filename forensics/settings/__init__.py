"""The user's forensics.toml: where it is, and what it says, section by section."""
