"""Real-time factor and memory of hearing and of echo control; time to the first sound of a line."""
