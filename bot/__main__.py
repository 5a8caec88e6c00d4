"""`attache`, and `python -m bot`, which is the same."""

import gc


def main() -> None:
    """Entry point."""
    gc.disable()  # what the imports make stays; looking it through again and again is a fifth of the start
    from bot.cli import main as command  # noqa: PLC0415 - not before the line above

    gc.freeze()
    gc.enable()
    command()


if __name__ == "__main__":
    main()
