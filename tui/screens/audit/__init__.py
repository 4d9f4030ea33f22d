"""What people and the program did."""
