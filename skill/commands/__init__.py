"""The subcommands of `back-stretches`, one a file."""
