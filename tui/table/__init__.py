"""One table for lists and the matrix: it draws rows in view and asks for those it lacks."""
