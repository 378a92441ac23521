"""`python -m skill` is `back-stretches`."""

from skill.cli import main

main()
