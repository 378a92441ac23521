"""What the coach says, knows and understands, read from YAML: every problem with file, line and remedy."""
