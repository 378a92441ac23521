"""This checkout compared with another commit, on the same machine in one run."""
