"""A simulated room and the feeding of a session faster than real time."""
