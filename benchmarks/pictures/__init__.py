"""Pictures in docs/ that are drawn from the code."""
