"""The routines and their stretches, as data."""
