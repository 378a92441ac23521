"""What measures share: the recordings, the ears, a half of the data, and the record of what was decided."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from benchmarks.recordings import Clip
from skill.audio.blocks import Samples
from skill.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.events import Heard, Rejected
from skill.hearing.listener import Listener
from skill.hearing.recognizer import SpeechModel
from skill.hearing.recording import decisions
from skill.settings import ListeningSettings


@dataclass
class Bench:
    """The material, and the ears that are measured."""

    model: SpeechModel
    recordings: Path
    cache: Path
    half: str = "judge"
    """The half of the data that is used; `all` for both."""

    settings: ListeningSettings = COACH_LISTENING
    hours: float = 2.0
    """Of synthetic talk, and of the coach's own."""

    record: TextIO | None = None
    """Where every utterance that was decided wrong is written, one JSON object a line."""

    def of_half(self, clips: Iterable[Clip]) -> Iterator[Clip]:
        """Yield the clips of the half that is used."""
        return (clip for clip in clips if self.half in ("all", clip.half))

    def coach(self, settings: ListeningSettings | None = None) -> Listener:
        """Return ears with the coach's own sentences."""
        return Listener(self.model, load_language(), settings or self.settings)

    def barista(self, settings: ListeningSettings | None = None) -> Listener:
        """Return ears with the sentences of the coffee orders."""
        language = load_language(self.recordings / "coffee" / "intents" / "en")
        return Listener(self.model, language, settings or self.settings)

    def decide(self, listener: Listener, sound: Samples, context: str | None) -> list[Heard | Rejected]:
        """Return what a listener decides on a sound with silence after it."""
        listener.restart()
        listener.listen(context)
        return [event for event, _ in decisions(listener, sound)]

    def note(
        self, measure: str, said: str, wanted: str | None, decided: Iterable[Heard | Rejected], **more: Any
    ) -> None:
        """Write an utterance and what became of it to the record, if there is one."""
        if self.record:
            found = [_decision(event) for event in decided]
            row = {"measure": measure, "said": said, "wanted": wanted, "decided": found, **more}
            self.record.write(json.dumps(row, ensure_ascii=False) + "\n")
            self.record.flush()


def understood(events: Iterable[Heard | Rejected]) -> list[Heard]:
    """Return the decisions that were no rejections."""
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
