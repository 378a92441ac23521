"""Understanding: words in, intent and slots out."""
