"""What all measures share: the data and its split, the speech model, listeners, and the record of errors."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from benchmarks.data.recordings import Clip
from skill.audio.blocks import Samples
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.events import Heard, Rejected
from skill.hearing.listener import Listener
from skill.hearing.recognizer import SpeechModel
from skill.hearing.recording import decisions
from skill.settings import ListeningSettings


@dataclass
class Evaluation:
    """The test data, and the recogniser under test."""

    model: SpeechModel
    recordings: Path
    cache: Path
    split: str = "test"
    """The split of the data that is used: `test`, `dev`, or `all` for both."""

    settings: ListeningSettings = COACH_LISTENING
    hours: float = 2.0
    """Hours of synthetic background talk, and of the coach alone."""

    record: TextIO | None = None
    """Where each wrong decision is written, one JSON object a line."""

    def in_split(self, clips: Iterable[Clip]) -> Iterator[Clip]:
        """Yield the clips of the split that is used."""
        return (clip for clip in clips if self.split in ("all", clip.split))

    def coach_listener(self, settings: ListeningSettings | None = None) -> Listener:
        """Return a listener for the coach's commands."""
        return Listener(self.model, load_language(), settings or self.settings)

    def coffee_listener(self, settings: ListeningSettings | None = None) -> Listener:
        """Return a listener for the coffee orders."""
        language = load_language(self.recordings / "coffee" / "intents" / "en")
        return Listener(self.model, language, settings or self.settings)

    def decide(self, listener: Listener, sound: Samples, context: str | None) -> list[Heard | Rejected]:
        """Return the decisions of a listener on a sound that is followed by silence."""
        listener.restart()
        listener.listen(context)
        return [event for event, _ in decisions(listener, sound)]

    def note(
        self, measure: str, said: str, wanted: str | None, decided: Iterable[Heard | Rejected], **more: Any
    ) -> None:
        """Write an utterance and its decisions to the record, if there is one."""
        if self.record:
            found = [_decision(event) for event in decided]
            row = {"measure": measure, "said": said, "wanted": wanted, "decided": found, **more}
            self.record.write(json.dumps(row, ensure_ascii=False) + "\n")
            self.record.flush()


def understood(events: Iterable[Heard | Rejected]) -> list[Heard]:
    """Return the accepted decisions."""
    return [event for event in events if isinstance(event, Heard)]


def _decision(event: Heard | Rejected) -> dict[str, Any]:
    at = event.at / 1000
    if isinstance(event, Heard):
        slots = dict(event.slots)
        return {
            "at": at,
            "text": event.text,
            "intent": event.intent,
            "slots": slots,
            "confidence": round(event.confidence, 3),
        }
    return {"at": at, "text": event.text, "rejected": event.reason}
