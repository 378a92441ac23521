"""Echo control: removes the loudspeaker's sound from the microphone, and detects near-end speech."""
