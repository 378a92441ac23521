"""Builds the parts of a session from the options of the command line."""

import gc
import logging
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import click

from skill import speech_model
from skill.composition.build_cache import BuildCache
from skill.composition.coach_language import CoachLanguage
from skill.composition.coach_settings import Settings
from skill.content import own_routines
from skill.content.content import Content
from skill.content.language import Language
from skill.content.own_routines import Routines
from skill.content.responses import Responses
from skill.content.routine_catalog import routine_list, stretch_list
from skill.echo_control.echo_control import EchoControl, NoEcho
from skill.hearing.listener import Listener
from skill.hearing.listener_thread import ListenerThread
from skill.hearing.recognizer import SpeechModel
from skill.memory import Memory
from skill.session import Log, Session
from skill.settings import VoiceSettings
from skill.system import cache_folder, config_folder, data_folder
from skill.turn_taking.listener_protocol import ListenerProtocol
from skill.understanding.name_conflicts import check_names
from skill.understanding.sentence_graphs import SentenceGraphs
from skill.voice import natural_voice, voice_list
from skill.voice.silent_voice import SilentVoice
from skill.voice.static_prompts import impersonal_prompts
from skill.voice.system_voice import SystemVoice
from skill.voice.voice import Voice

_log = logging.getLogger(__name__)

NO_CANCELLER = (
    "WebRTC's echo canceller is missing (pywebrtc-audio), so the coach is harder to interrupt: keep the speaker low,"
    " and see `back-stretches doctor`."
)


def clips_folder() -> Path:
    """Where clips of the coach's voice are kept."""
    return cache_folder() / "speech"


def memory_file() -> Path:
    """Where progress is kept."""
    return data_folder() / "memory.sqlite"


def memory_to_read() -> Memory:
    """Return the memory for reading; does not create the file."""
    return Memory(memory_file() if _may_exist(memory_file()) else None)


def _may_exist(file: Path) -> bool:
    """Return whether the file of the memory exists, or may exist in a folder that cannot be read."""
    try:
        file.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # the memory reports what is wrong
    return True


def routines_folder() -> Path:
    """Where users put routine files of their own."""
    return config_folder() / "routines"


@dataclass(frozen=True)
class Parts:
    """Everything that a command can need; each part is made at its first use."""

    settings: Settings
    model_folder: Path | None = None
    """Folder of the speech model; None: it is searched for, and fetched if it is missing."""

    named_voice: str | None = None
    """The voice as it was named on the command line."""

    @cached_property
    def routines(self) -> Routines:
        """The shipped routines and those of the user."""
        return own_routines.load(routines_folder(), check_names)

    @cached_property
    def content(self) -> Content:
        """Routines and responses."""
        return Content(self.routines.all, Responses(self._language.responses))

    @property
    def language(self) -> Language:
        """The templates of what people say, with the names of our stretches and routines."""
        return self._language.language

    @property
    def sentences(self) -> SentenceGraphs:
        """What people say, with the names of our stretches and routines."""
        return self._language.sentences

    @cached_property
    def _language(self) -> CoachLanguage:
        routines = self.routines.all
        return CoachLanguage({"stretch": stretch_list(routines), "routine": routine_list(routines)}, self._cache)

    @cached_property
    def _cache(self) -> BuildCache:
        return BuildCache(cache_folder() / "built")

    @cached_property
    def model(self) -> SpeechModel:
        """The speech model; fetched if it is not on this machine. Raises ModelError."""
        return SpeechModel(self._located or speech_model.find())

    @cached_property
    def _located(self) -> Path | None:
        """Folder of the speech model on this machine; None: it is missing."""
        return speech_model.locate(self.model_folder)

    @cached_property
    def unheard(self) -> tuple[list[str], list[str]]:
        """Problems and notes about names in the user's routine files that the speech model cannot hear."""
        own = [self.routines.all[name] for name in sorted(self.routines.own)]
        return own_routines.unheard_names(own, self.model.knows) if own else ([], [])

    @property
    def audible(self) -> Language:
        """The language without names of the user's that the speech model cannot hear."""
        return self._audible.language

    @cached_property
    def _audible(self) -> CoachLanguage:
        if not any(self.unheard):
            return self._language
        return CoachLanguage(own_routines.audible_lists(self.routines, self.model.knows), self._cache)

    def listener(self) -> Listener:
        """Return a listener for a session. Raises ContentError and ModelError."""
        began, settings = time.monotonic(), self.settings.listening
        listener = Listener(self.model, self._audible.compiled(self.model, settings), settings)
        _log.info("speech model and sentences loaded in %.2f s: %s", time.monotonic() - began, self.model.folder)
        return listener

    def voice(self) -> SystemVoice:
        """Return the voice of the settings; if the natural one is not installed, that of the operating system.

        Raises UsageError if the operating system has no such voice.
        """
        settings, clips, impersonal = self.settings.voice, clips_folder(), impersonal_prompts(self.content)
        if settings.voice != natural_voice.NATURAL:
            if settings.voice != VoiceSettings.voice:
                voice_list.check(settings.voice)
            return SystemVoice(settings, clips, impersonal=impersonal)
        if natural_voice.installed():
            return natural_voice.NaturalVoice(settings, clips, impersonal=impersonal)
        click.echo(natural_voice.NOT_INSTALLED, err=True)
        return SystemVoice(replace(settings, voice=VoiceSettings.voice), clips, impersonal=impersonal)

    def check_named(self) -> None:
        """Raise SkillError if the named model or voice does not exist: for commands that use neither."""
        if self.model_folder is not None:
            speech_model.locate(self.model_folder)
        if self.settings.voice.voice not in (VoiceSettings.voice, natural_voice.NATURAL):
            voice_list.check(self.settings.voice.voice)

    def session(
        self,
        log: Log,
        voice: Voice | None = None,
        memory: Memory | None = None,
        wait_for_voice: bool = False,
        echo: bool = True,
        listener: ListenerProtocol | None = None,
    ) -> Session:
        """Return a session; without a voice, a typed one with neither microphone nor sound.

        `wait_for_voice`: audio time stands still until a line is rendered (a replay). `echo`: whether the microphone
        may hear the coach. `listener`: one that is made already, or in another thread; None: make one.
        """
        if self.routines.warning:
            log({"t": 0.0, "event": "problem", "text": self.routines.warning})
        if voice is None:
            return Session(self.content, None, SilentVoice(clips_folder()), memory or Memory(), log)
        listener = listener or self.listener()
        for problem in self.unheard[0]:
            log({"t": 0.0, "event": "problem", "text": problem})
        control = EchoControl() if echo else NoEcho()
        if isinstance(control, EchoControl) and not control.auxiliary_canceller:
            log({"t": 0.0, "event": "problem", "text": NO_CANCELLER})
        return Session(self.content, listener, voice, memory or Memory(), log, wait_for_voice, control)

    def listener_thread(self) -> ListenerThread:
        """Return a listener for a live session; it is loaded, and works, in a thread of its own."""
        _ = self.content, self.model  # both threads use them: make them once
        return ListenerThread(self._lasting_listener)

    def _lasting_listener(self) -> Listener:
        gc.disable()  # not during loading either: the coach is speaking already
        try:
            listener = self.listener()
        finally:
            gc.enable()
        gc.freeze()  # its graphs stay: a garbage collection of them would take longer than a block
        return listener
