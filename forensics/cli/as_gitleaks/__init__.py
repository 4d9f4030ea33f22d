"""Commands with the names and flags of gitleaks, over what `forensics scan` does."""
