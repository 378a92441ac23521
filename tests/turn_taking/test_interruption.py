"""Interruptions: the coach pauses at the end of a sentence, and resumes if it was no command."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, Block, silence
from skill.audio.player import Player
from skill.echo_control.echo_control import Cleaned
from skill.events import EchoLoopDetected, Heard, Rejected, SpeechStarted
from skill.turn_taking.interruption import InterruptionController

COACH = np.arange(1, 16_000 * 8 + 1, dtype=np.int32).astype(np.int16) | 1
"""Eight seconds of the coach without a silent sample."""


@dataclass
class Script:
    """A listener and echo control that follow a script: times of near-end speech, of a sentence and of a decision."""

    near: tuple[float, float] = (1.0, 1.4)
    sentence_at: float = 1.4
    decided_at: float = 1.7
    decision: Heard | Rejected | None = None
    near_end_seen: list[bool | None] = field(default_factory=list)
    now: int = 0
    can_echo: bool = True

    @property
    def sentence(self) -> str:
        return "stop" if self.sentence_at * 1000 <= self.now < self.decided_at * 1000 else ""

    def listen(self, context: str | None) -> None:
        """Any context will do."""

    def hear(
        self, block: Block, now: int, near_end_active: bool | None = None
    ) -> list[SpeechStarted | Heard | Rejected]:
        self.now = now
        self.near_end_seen.append(near_end_active)
        if now == self.near[0] * 1000 + 40:
            return [SpeechStarted(now)]
        return [self.decision] if self.decision and now == self.decided_at * 1000 else []

    def finish(self, now: int) -> list[SpeechStarted | Heard | Rejected]:
        return [self.decision] if self.decision else []

    def process(self, near: Block, far: Block) -> Cleaned:
        at = (self.now + BLOCK_MS) / 1000
        speaks = self.near[0] < at <= self.near[1]
        return Cleaned(near, 0.9 if speaks else 0.0, -60.0, -60.0, 40.0, 0.0, far_end_active=bool(far.any()))


def played(script: Script, stop: bool = False, seconds: float = 3.0) -> tuple[list[bool], list, Block]:
    """Let the coach talk; return whether each block was silent, what was decided, and the last block."""
    player = Player()
    controller = InterruptionController(script, player, script)  # type: ignore[arg-type]
    player.play(1, COACH)
    quiet, decided = [], []
    for now in range(BLOCK_MS, round(1000 * seconds) + 1, BLOCK_MS):
        far = player.pull()
        quiet.append(not far.any())
        new = controller.hear(silence(), far, now)
        decided += new
        if stop and any(isinstance(event, Heard) for event in new):
            player.stop()
        controller.resume_playback(now)
    return quiet, decided, far


def quiet_from(quiet: list[bool]) -> float:
    return quiet.index(True) * BLOCK_MS / 1000 if True in quiet else float("inf")


def test_the_coach_is_silent_a_tenth_of_a_second_after_a_sentence_and_stays_so_when_it_is_told_to_stop():
    script = Script(decision=Heard(1700, "stop", "stop"))
    quiet, decided, _ = played(script, stop=True)
    assert 1.4 < quiet_from(quiet) <= 1.56
    assert all(quiet[round(quiet_from(quiet) * 50) :])
    assert decided == [SpeechStarted(1040), script.decision]


@pytest.mark.parametrize("decision", [Rejected(1700, "", "no speech"), Heard(1700, "louder", "louder")])
def test_what_does_not_stop_the_coach_lets_it_go_on_where_it_was(decision):
    quiet, _, last = played(Script(decision=decision))
    silent = quiet.count(True)
    assert 0 < silent < 12
    assert not any(quiet[-50:])
    fade = 3  # blocks, the last of them half silent: what faded away is said again
    end = (len(quiet) - silent - fade) * 320
    assert np.array_equal(last, COACH[end - 320 : end])


def test_it_returns_how_long_the_coach_was_silent():
    script, player = Script(decision=Rejected(1700, "", "no speech")), Player()
    controller = InterruptionController(script, player, script)  # type: ignore[arg-type]
    player.play(1, COACH)
    silent_ms = []
    for now in range(BLOCK_MS, 3001, BLOCK_MS):
        controller.hear(silence(), player.pull(), now)
        silent_ms.append(controller.resume_playback(now))
    assert [each for each in silent_ms if each] == [260]  # from 40 ms after the voice until it was decided


def test_no_sentence_no_silence():
    quiet, _, _ = played(Script(sentence_at=9, decided_at=9))
    assert not any(quiet)


def test_a_sentence_that_nobody_spoke_does_not_silence_the_coach_and_is_an_echo():
    script = Script(near=(1.0, 1.04), decision=Heard(1700, "stop", "stop"))
    quiet, decided, _ = played(script)
    assert not any(quiet)
    assert decided[-1] == Rejected(1700, "stop", "echo", addressed=False)


@pytest.mark.parametrize(("words_at", "echo"), [((1450, 1680), True), ((1020, 1400), False), (None, False)])
def test_near_end_speech_counts_for_the_words_during_which_it_was_detected(words_at, echo):
    script = Script(near=(1.0, 1.2), sentence_at=9, decision=Heard(1700, "softer", "softer", words_at=words_at))
    _, decided, _ = played(script)
    assert isinstance(decided[-1], Rejected) == echo


def test_a_rising_level_after_the_coach_is_near_end_speech():
    script = Script(near=(9.0, 9.0), sentence_at=9, decided_at=2)
    script.decision = Heard(2000, "stop", "stop", words_at=(1600, 1900))
    controller = InterruptionController(script, Player(), script)  # type: ignore[arg-type]
    word, decided = np.tile(np.array([3000, -3000], np.int16), 160), []
    for now in range(BLOCK_MS, 2000 + BLOCK_MS, BLOCK_MS):
        near = word if 1600 < now <= 1900 else silence()
        decided += controller.hear(near, COACH[:320] if now <= 1000 else silence(), now)
    assert decided == [script.decision]


def test_words_that_are_no_command_and_that_nobody_spoke_are_an_echo_too():
    """Otherwise the coach would say "Sorry?" to itself."""
    for near, expected in (
        ((1.0, 1.04), Rejected(1700, "pull that", "echo", addressed=False)),
        ((1.0, 1.4), Rejected(1700, "pull that", "no sentence")),
    ):
        script = Script(near=near, sentence_at=9, decision=Rejected(1700, "pull that", "no sentence"))
        _, decided, _ = played(script)
        assert decided[-1] == expected


def test_without_an_echo_all_speech_is_near_end_speech():
    script = Script(near=(1.0, 1.04), decision=Heard(1700, "stop", "stop"), can_echo=False)
    quiet, decided, _ = played(script, stop=True)
    assert quiet_from(quiet) <= 1.56
    assert decided[-1] == script.decision


def test_three_echoes_are_reported_and_then_the_coach_listens_only_while_it_is_silent():
    player = Player()
    script = Script(near=(0.5, 0.5))
    controller = InterruptionController(script, player, script)  # type: ignore[arg-type]
    player.play(1, COACH)
    decided = []
    for number in range(1, 4):
        script.decided_at, script.decision = float(number), Heard(1000 * number, "stop", "stop")
        for now in range(1000 * number - 980, 1000 * number + 1, BLOCK_MS):
            decided += controller.hear(silence(), player.pull(), now)
    assert [type(event) for event in decided[-2:]] == [EchoLoopDetected, Rejected]
    controller.hear(silence(), player.pull(), 3020)
    assert script.near_end_seen[-1] is None


@pytest.mark.parametrize("first", [Heard(1500, "next", "next"), Rejected(1500, "", "no sentence")])
def test_what_was_said_before_the_answer_does_not_make_the_answers_echo_a_command(first):
    player = Player()
    script = Script(sentence_at=9, decided_at=1.5, decision=first)
    controller = InterruptionController(script, player, script)  # type: ignore[arg-type]
    player.play(1, COACH)
    decided = []
    for now in range(BLOCK_MS, 2101, BLOCK_MS):
        decided += controller.hear(silence(), player.pull(), now)
        controller.resume_playback(now)
        if first in decided:
            script.decided_at, script.decision = 2.1, Heard(2100, "quit", "goodbye")
    assert decided[1:] == [first, Rejected(2100, "quit", "echo", addressed=False)]


def test_a_line_is_heard_as_late_as_a_loudspeaker_on_a_network_plays_it():
    class Late(Script):
        def process(self, near: Block, far: Block) -> Cleaned:
            return replace(super().process(near, far), bulk_ms=1500)

    script = Late(near=(2.5, 2.7), decision=Heard(3000, "stop", "stop"), decided_at=3.0)
    controller = InterruptionController(script, Player(), script)  # type: ignore[arg-type]
    decided = []
    for now in range(BLOCK_MS, 3000 + BLOCK_MS, BLOCK_MS):
        if now == 500:
            controller.said("now stop", 500, 1500)  # heard from 2.0 to 3.0 s
        decided += controller.hear(silence(), COACH[:320], now)
    assert [type(each) for each in decided if not isinstance(each, SpeechStarted)] == [Rejected]


def test_the_coach_counts_as_heard_when_its_voice_arrives_and_not_when_it_is_sent():
    class Late(Script):
        def process(self, near: Block, far: Block) -> Cleaned:
            return replace(super().process(near, far), far_end_active=self.now >= 1000)

    script = Late(near=(9.0, 9.0))
    controller = InterruptionController(script, Player(), script)  # type: ignore[arg-type]
    for now in range(BLOCK_MS, 2000 + BLOCK_MS, BLOCK_MS):
        controller.hear(silence(), COACH[:320], now)
    assert script.near_end_seen == [None] * 50 + [False] * 50


STEADY = np.full(16_000 * 8, 10_000, np.int16)
"""Comes out as the player's gain."""


def gain(player: Player) -> float:
    """Return the gain at the end of the next block that the player gives, of STEADY."""
    return float(player.pull()[-1]) / STEADY[0]


@pytest.mark.parametrize("volume_db", [0.0, -6.0])
def test_the_coach_is_ducked_during_near_end_speech_and_comes_back(volume_db: float):
    player, script = Player(), Script(near=(1.0, 1.4), sentence_at=9, decided_at=9)
    controller = InterruptionController(script, player, script)  # type: ignore[arg-type]
    controller.set_volume(volume_db)
    player.play(1, STEADY)
    gains = {}
    for now in range(BLOCK_MS, 3000 + BLOCK_MS, BLOCK_MS):
        gains[now] = gain(player)
        controller.hear(silence(), COACH[:320], now)
    usual = 10 ** (volume_db / 20)
    assert gains[1000] == pytest.approx(usual, rel=0.01)
    assert gains[1100] == pytest.approx(usual / 10, rel=0.05)
    assert gains[1860] == pytest.approx(usual / 10, rel=0.05)
    assert gains[2400] == pytest.approx(usual, rel=0.01)


def test_the_answer_is_in_full_voice():
    player, script = Player(), Script(near=(1.0, 1.4), sentence_at=9, decision=Heard(1700, "louder", "louder"))
    controller = InterruptionController(script, player, script)  # type: ignore[arg-type]
    player.play(1, STEADY)
    for now in range(BLOCK_MS, 1700 + BLOCK_MS, BLOCK_MS):
        before = gain(player)
        controller.hear(silence(), COACH[:320], now)
    for _ in range(6):
        after = gain(player)
    assert (before, after) == (pytest.approx(0.1, rel=0.05), pytest.approx(1.0, rel=0.01))


def test_the_end_of_the_sound_makes_no_command_of_an_echo():
    script = Script(near=(9.0, 9.0), decided_at=9, decision=Heard(1000, "stop", "stop"))
    controller = InterruptionController(script, Player(), script)  # type: ignore[arg-type]
    for now in range(BLOCK_MS, 1000 + BLOCK_MS, BLOCK_MS):
        controller.hear(silence(), COACH[:320], now)
    assert controller.finish(1000) == [Rejected(1000, "stop", "echo", addressed=False)]


def test_a_line_that_was_stopped_is_no_echo_later():
    for stopped in (False, True):
        script = Script(near=(2.0, 2.2), decided_at=2.6, decision=Heard(2600, "pause", "pause"))
        controller = InterruptionController(script, Player(), script)  # type: ignore[arg-type]
        controller.said("You can say start or next or pause.", 0, 3000)
        decided = []
        for now in range(BLOCK_MS, 2600 + BLOCK_MS, BLOCK_MS):
            if stopped and now == 1000:
                controller.stopped(now)
            decided += controller.hear(silence(), COACH[:320], now)
        assert isinstance(decided[-1], Heard) == stopped
