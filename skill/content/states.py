"""The states of the conversation, which are also the contexts that templates name."""

STATES = ("idle", "asking", "introducing", "instructing", "getting_ready", "holding", "paused")
"""One of them holds at any moment; templates name them under `requires_context: state`."""
