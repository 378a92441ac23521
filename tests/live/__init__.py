"""The live session, with real sound devices that need no sound card."""
