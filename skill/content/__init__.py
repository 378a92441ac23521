"""Routines, phrases and responses, read from YAML files. Every problem is reported with file, line and remedy."""
