"""What people say and what the coach answers, as data (one folder a language)."""
