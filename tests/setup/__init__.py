"""Tests of what sets up a machine: Debian packages, the sound server of the tests, wheels."""
