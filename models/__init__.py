"""Which speech models the skill knows, as data."""
