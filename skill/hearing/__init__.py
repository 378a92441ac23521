"""Hearing: blocks of sound in, decisions about what was said out."""
