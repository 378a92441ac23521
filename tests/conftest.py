"""Settings for all tests."""

import signal

from hypothesis import settings

# A slow machine is no failure, and the same commit always tests the same examples.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Started in the background, the tests ignore Ctrl-C, and the programs that they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
