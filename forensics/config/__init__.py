"""What a file says: which named places it has, and what stands in them."""
