"""Turn-taking: when an utterance is over, and who may speak over whom."""
