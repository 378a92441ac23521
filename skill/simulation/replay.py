"""Replays a session faster than real time: the microphone is a recording, or silence."""

from collections.abc import Callable, Iterable

from skill.audio.blocks import Block, silence
from skill.session import Session
from skill.simulation.room import Room

TAIL_S = 1800
"""Maximum silence after the end of the input, seconds."""

Sink = Callable[[Block], None]
"""Takes each block that the loudspeaker plays."""


def feed(session: Session, user_blocks: Iterable[Block], played: Sink | None = None, room: Room | None = None) -> None:
    """Let the session hear these blocks of the user, until they or the session end; `played` gets the far end.

    In a room the microphone hears the coach as well; without one it hears the user alone.
    """
    for user in user_blocks:
        if session.ended:
            return
        far = session.player.pull()
        if played:
            played(far)
        session.hear(room.microphone(user, far) if room else user, far)


def pass_time(session: Session, seconds: float) -> None:
    """Let `seconds` of silence pass."""
    feed(session, (silence() for _ in range(round(seconds * 50))))


def feed_tail(session: Session, tail: float = TAIL_S, played: Sink | None = None, room: Room | None = None) -> None:
    """Let silence pass, at most `tail` seconds, until the session waits for its user and the coach is silent.

    It waits when it is idle or paused, or has asked a question.
    """
    session.input_ended()
    for _ in range(round(tail * 50)):
        if session.ended or (session.view.waiting and not session.speaking):
            return
        feed(session, [silence()], played, room)
