"""What can go wrong, said so that a person knows what to do next."""


class SkillError(Exception):
    """Something failed; the message is one clear sentence that names the remedy. Exit code 1."""

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
