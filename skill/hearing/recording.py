"""A recording of one utterance: what was said and meant."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, Samples, blocks, check_samples
from skill.events import Heard, Rejected
from skill.hearing.listener import Listener
from skill.understanding.rescoring import ScoredHypothesis

AFTER_MS = 1200
"""Milliseconds of silence appended to the recording, so that its end is noticed."""

Decided = tuple[Heard | Rejected, tuple[ScoredHypothesis, ...]]
"""A decision, and the hypotheses behind it."""


def understand_samples(listener: Listener, samples: Samples) -> dict[str, Any]:
    """Understand a recording (16 kHz mono int16) as one utterance.

    Returns the fields of `understand --json` without `file`. Of several decisions (a cough, then a sentence) the first
    that was understood counts, in its extended form where the speaker went on; where nothing was understood, the last
    one. Raises AudioFormatError for samples in another format.
    """
    decided = list(decisions(listener, samples))
    end = (len(samples) // BLOCK_SIZE + 1) * BLOCK_MS + AFTER_MS
    found = outcome([event for event, _ in decided]) or Rejected(end, "", "no speech")
    hypotheses = next((hypotheses for event, hypotheses in decided if event is found), ())
    return {**_fields(found), "numbers": _numbers(hypotheses)}


def decisions(listener: Listener, samples: Samples) -> Iterator[Decided]:
    """Yield what a listener decides on a recording and the silence after it; audio time starts at 0."""
    check_samples(samples)
    now = 0
    silence = np.zeros(AFTER_MS * BLOCK_SIZE // BLOCK_MS, np.int16)
    for block in blocks(np.concatenate([samples, silence])):
        now += BLOCK_MS
        for event in listener.hear(block, now):
            if isinstance(event, Heard | Rejected):
                yield event, listener.hypotheses
    for event in listener.finish(now):
        if isinstance(event, Heard | Rejected):
            yield event, listener.hypotheses


def outcome(decisions: Sequence[Heard | Rejected]) -> Heard | Rejected | None:
    """Return the decision that counts (see understand_samples); None if there is none."""
    result: Heard | Rejected | None = None
    for decision in decisions:
        revised = isinstance(decision, Heard) and result and decision.text.startswith(f"{result.text} ")
        if not isinstance(result, Heard) or revised:
            result = decision
    return result


def _fields(decision: Heard | Rejected) -> dict[str, Any]:
    at = round(decision.at / 1000, 3)
    if isinstance(decision, Rejected):
        nothing: dict[str, Any] = {"text": decision.text, "intent": None, "slots": {}, "confidence": 0.0}
        return {**nothing, "decided_at": at, "rejected": decision.reason}
    return {
        "text": decision.text,
        "intent": decision.intent,
        "slots": dict(decision.slots),
        "confidence": round(decision.confidence, 3),
        "decided_at": at,
        "rejected": None,
    }


def _numbers(hypotheses: Iterable[ScoredHypothesis]) -> list[dict[str, Any]]:
    """Return the hypotheses behind a decision; scores are log likelihoods relative to the best one, in nats."""
    return [
        {"text": each.text, "score": round(each.score, 2), "intent": each.meaning and each.meaning.intent}
        for each in hypotheses
    ]
