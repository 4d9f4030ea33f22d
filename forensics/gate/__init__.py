"""Which findings fail: the policy in forensics.toml, and what it decides."""
