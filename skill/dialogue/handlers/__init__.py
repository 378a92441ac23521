"""What each intent does, one family of intents a file."""
