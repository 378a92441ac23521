"""How well utterances are understood, how soon they are decided, and how often other sounds are accepted."""
