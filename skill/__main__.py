"""Entry point: `python -m skill` is `back-stretches`."""

from skill.loading import load


def main() -> None:
    """Load the command line and run it."""
    load("skill.cli").main()


if __name__ == "__main__":
    main()
