"""Errors whose messages tell a user what happened and what to do."""


class SkillError(Exception):
    """Base of all errors; the message is one clear sentence with the remedy. Exit code 1."""

    exit_code = 1


class ContentError(SkillError):
    """A routine, intents or manifest file is wrong; the message names file, line and remedy."""


class ModelError(SkillError):
    """The speech model is missing, damaged or could not be fetched."""


class AudioError(SkillError):
    """A sound file or sound device cannot be used."""


class SynthesisError(SkillError):
    """A line could not be turned into speech."""


class UsageError(SkillError):
    """The user asked for something that does not exist. Exit code 2."""

    exit_code = 2
