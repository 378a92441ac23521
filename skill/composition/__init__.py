"""Chooses the parts of a session and puts them together; the coach's own settings and compiled language."""
