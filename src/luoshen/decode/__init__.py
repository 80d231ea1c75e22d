"""Work to Profile."""
