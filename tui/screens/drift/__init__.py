"""Keys by environments, at any commit of the history."""
