"""Settings for all tests."""

from hypothesis import settings

# A slow machine is no failure, and the same commit always tests the same examples.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
