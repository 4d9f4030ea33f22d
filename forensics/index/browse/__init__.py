"""Questions of those who browse an index: secrets that fit a query, sorted, page by page."""
