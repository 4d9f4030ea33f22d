"""What other scanners' users bring along: rules, allowlists and baselines, made ours."""
