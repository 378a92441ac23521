"""A simulated room, and replaying a session faster than real time. Knows nothing of echo control."""
