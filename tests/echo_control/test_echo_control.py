"""Echo control on real signals: delay, drift, double talk, decisions, continuity."""

import numpy as np
import pytest

import skill.echo_control.aec3
from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, AudioFormatError, Samples, silence
from skill.echo_control.alignment import Alignment
from skill.echo_control.clock_drift_estimator import ClockDriftEstimator
from skill.echo_control.delay_estimator import DelayEstimator
from skill.echo_control.delay_line import DelayLine
from skill.echo_control.echo_control import LATENCY, Cleaned, EchoControl, NoEcho
from skill.echo_control.echo_remover import EchoSettings
from skill.echo_control.kalman_filter import BINS, HEAD, HOP, KalmanFilter, impulse_response
from skill.echo_control.linear_canceller import LinearCanceller
from skill.simulation.impulse_response import BOXES, generated, normalized
from skill.simulation.interpolation import HALF, TAPS, kernel
from skill.simulation.room import Room, RoomSettings
from tests.speech import RECORDINGS, quiet, read, say

COACH = (
    "Take hold of your right knee with both hands. Gently draw the knee toward your chest.",
    "Let your shoulders rest on the floor and breathe easily. Now let go slowly.",
    "Round your back up to the ceiling and let your head drop. Look toward your belly.",
)

needs_recordings = pytest.mark.skipif(
    not (RECORDINGS / "echo").is_dir(), reason="recordings of people (../shared/speech) are not there"
)

KITCHEN, CLAP, ROOM48 = (pytest.param(name, marks=needs_recordings) for name in ("kitchen", "clap", "room48"))
"""Rooms whose impulse response was measured."""


def coach(seconds: float) -> Samples:
    """Return the coach talking for `seconds`."""
    speech = np.concatenate([say(text) for text in COACH])
    return np.resize(speech, round(seconds * 50) * BLOCK_SIZE)


def simulated(far: Samples, user: Samples | None = None, box: str = "living", **settings: float) -> Samples:
    """Return what a microphone in a room hears, generated or measured, with a soft noise of its own."""
    taps = generated(BOXES[box]) if box in BOXES else normalized(read(f"rooms/{box}.flac") / 32768.0)
    room = Room(taps, RoomSettings(speaker_gain_db=-6, **settings))
    spoken = np.zeros(len(far), dtype=np.int16) if user is None else user
    pairs = range(0, len(far), BLOCK_SIZE)
    heard = [room.microphone(spoken[at : at + BLOCK_SIZE], far[at : at + BLOCK_SIZE]) for at in pairs]
    return np.concatenate(heard) + np.resize(quiet(1000), len(far))


def clean(near: Samples, far: Samples, control: EchoControl | None = None) -> list[Cleaned]:
    control = control or EchoControl()
    whole = min(len(near), len(far)) // BLOCK_SIZE * BLOCK_SIZE
    return [
        control.process(near[at : at + BLOCK_SIZE], far[at : at + BLOCK_SIZE]) for at in range(0, whole, BLOCK_SIZE)
    ]


def samples(done: list[Cleaned]) -> np.ndarray:
    return np.concatenate([cleaned.block for cleaned in done])


def taken_off(done: list[Cleaned], start: float) -> float:
    """Return the echo return loss enhancement (dB) of the linear filter since `start` seconds."""
    late = done[round(start * 50) :]
    power = [
        sum(10 ** (value / 10) for value in values)
        for values in zip(*((c.near_db, c.error_db) for c in late), strict=True)
    ]
    return 10 * np.log10(power[0] / power[1])


MIN_ENHANCEMENT = {"small": 18, "living": 18, "bathroom": 15, "laptop": 18, "kitchen": 18, "clap": 16, "room48": 13}
"""Decibels."""


@pytest.mark.parametrize("box", [*BOXES, KITCHEN, CLAP, ROOM48])
def test_the_echo_of_a_room_is_taken_off(box):
    far = coach(10)
    assert taken_off(clean(simulated(far, box=box, delay_ms=60, soft_clip=0.5), far), 6) > MIN_ENHANCEMENT[box]


@pytest.mark.parametrize("delay_ms", [5, 190, 400])
def test_the_delay_is_found_however_long(delay_ms):
    far = coach(10)
    done = clean(simulated(far, delay_ms=delay_ms), far)
    assert done[-1].delay_ms == pytest.approx(delay_ms + 3, abs=3)  # and a metre through the air
    assert taken_off(done, 7) > 15


def test_a_reflection_louder_than_the_direct_sound_does_not_replace_it():
    far = coach(10)
    taps = np.concatenate([[0.8], np.zeros(479), [1.0], np.zeros(320), [0.3]])  # 30 and 50 ms later
    room = Room(taps, RoomSettings(speaker_gain_db=-6, delay_ms=60))
    near = np.concatenate(
        [room.microphone(silence(), far[at : at + BLOCK_SIZE]) for at in range(0, len(far), BLOCK_SIZE)]
    )
    done = clean(near + np.resize(quiet(1000), len(far)), far)
    assert done[-1].delay_ms == pytest.approx(60, abs=1)
    assert taken_off(done, 5) > 15


@pytest.mark.parametrize("drift", [-80, 60])
@pytest.mark.parametrize("box", ["living", KITCHEN])
def test_clocks_that_run_apart_are_followed(box, drift):
    far = coach(14)
    done = clean(simulated(far, box=box, delay_ms=100, drift_ppm=drift), far)
    assert done[-1].drift_ppm == pytest.approx(drift, abs=20)
    assert taken_off(done, 9) > 15


def test_pauses_of_the_coach_do_not_put_the_clock_out_of_step():
    loud = np.clip(coach(4).astype(float) * 3, -32768, 32767).astype(np.int16)
    far = np.resize(np.concatenate([loud, np.zeros(3 * 16_000, dtype=np.int16)]), 60 * 16_000)
    done = clean(simulated(far, box="bathroom", delay_ms=30, drift_ppm=50, soft_clip=0.3), far)
    assert [cleaned.drift_ppm for cleaned in done[15 * 50 :: 50]] == pytest.approx([50] * 45, abs=12)


@pytest.mark.parametrize(("at_s", "lost_ms"), [(15, -64), (15, 64), (4, 64)])
def test_a_second_after_a_loss_of_sound_the_echo_is_taken_off_as_before(at_s, lost_ms):
    far = coach(at_s + 3)
    near = simulated(far, delay_ms=150, drift_ppm=20, soft_clip=0.5)
    at, lost = at_s * 16_000, abs(lost_ms) * 16
    missing = np.concatenate([near[:at], near[at + lost :]])
    near = missing if lost_ms > 0 else np.concatenate([near[:at], np.zeros(lost, dtype=np.int16), near[at:]])
    done = clean(near, far)
    before = taken_off(done[: at_s * 50], at_s - 1)
    assert before > 8
    assert taken_off(done, at_s + 1) > before - 2
    seeming = [number for number, cleaned in enumerate(done) if number >= at_s * 50 and cleaned.near_end_speech > 0.5]
    assert len(seeming) <= 15  # 0.3 s
    discarded = {
        earlier
        for number, cleaned in enumerate(done)
        for earlier in range(number - cleaned.mismatch_ms // BLOCK_MS, number)
    }
    assert discarded.issuperset(seeming)
    assert not discarded & set(range(3 * 50, at_s * 50 - 15))  # none before the loss


def test_a_loss_of_sound_says_nothing_about_the_clock():
    far, at = coach(18), 15 * 16_000
    near = simulated(far, box="bathroom", delay_ms=150, drift_ppm=20, soft_clip=0.5)
    drift = [cleaned.drift_ppm for cleaned in clean(np.concatenate([near[:at], near[at + 1024 :]]), far)[15 * 50 :]]
    assert drift == pytest.approx([drift[0]] * len(drift), abs=4)


def test_after_double_talk_the_delay_is_not_searched_again_immediately():
    draw, alignment, second = np.random.default_rng(1), Alignment(3200), 16_000
    far, near = draw.normal(0, 0.1, (2, 8 * second))
    near[800 : 5 * second] = far[: 5 * second - 800]
    near[5 * second :] = far[5 * second - 3200 : -3200]  # what was wrongly found once is found again
    lost = []
    for at in range(0, len(far), HOP):
        if at >= 5 * second:
            alignment.search()
        shift = alignment.update(near[at : at + HOP], far[at : at + HOP])
        if shift and shift.lost:
            lost.append(at / second)
            alignment.undo(shift, unchanged=True)
    assert len(lost) == 1


def test_another_room_at_another_delay_is_learnt_anew():
    far, at = coach(26), 15 * 16_000
    one, other = simulated(far, delay_ms=150), simulated(far, box="bathroom", delay_ms=20)
    done = clean(np.concatenate([one[:at], other[at:]]), far)
    assert done[-1].delay_ms == pytest.approx(23, abs=3)
    assert taken_off(done, 22) > 12


def test_the_clock_runs_on_while_the_coach_is_silent():
    talk, hold = coach(12), np.zeros(40 * 16_000, dtype=np.int16)
    far = np.concatenate([talk, hold, talk[: 2 * 16_000]])
    done = clean(simulated(far, delay_ms=100, drift_ppm=60), far)
    assert taken_off(done, 52) > 15


def wandering(far: Samples, before_ppm: float, after_ppm: float, change_s: float) -> Samples:
    """Return the far end half as loud and 0.2 s late, by a clock that changes its rate, between digital silences."""
    times = np.arange(len(far))
    places = times - 3200 - np.cumsum(np.where(times < change_s * 16_000, before_ppm, after_ppm)) * 1e-6
    line = np.concatenate([np.zeros(3200 + 2 * HALF), far])
    heard = []
    for part in np.split(places + 3200 + 2 * HALF, range(16_000, len(far), 16_000)):
        whole = np.floor(part).astype(int)
        heard.append(0.5 * np.einsum("ij,ij->i", kernel(part - whole), line[whole[:, None] + TAPS]))
    return np.rint(np.concatenate(heard)).astype(np.int16)


@pytest.mark.parametrize(("before_ppm", "after_ppm"), [(60, 0), (0, 60)])
def test_a_clock_that_changes_its_rate_is_followed_by_what_is_heard_after_silences(before_ppm, after_ppm):
    """As sound servers do that synchronise two devices; it must not cause a few false interruptions a minute."""
    sentences = [np.concatenate([say(text), np.zeros(3 * 16_000, np.int16)]) for text in COACH]
    far = np.resize(np.concatenate(sentences), 50 * 16_000)
    done = clean(wandering(far, before_ppm, after_ppm, change_s=25), far)
    assert done[25 * 50].drift_ppm == pytest.approx(before_ppm, abs=6)
    assert done[35 * 50].drift_ppm == pytest.approx(after_ppm, abs=35)
    assert done[-1].drift_ppm == pytest.approx(after_ppm, abs=15)
    assert taken_off(done, 26) > 23
    assert sum(cleaned.near_end_speech > 0.5 for cleaned in done[26 * 50 :]) < 8


def test_a_long_silence_does_not_tell_of_more_than_the_clock_was_wrong_by():
    talk = coach(12)
    far = np.concatenate([talk, np.zeros(40 * 16_000, np.int16), talk[: 2 * 16_000]])
    drift = [cleaned.drift_ppm for cleaned in clean(wandering(far, 60, 63, change_s=12), far)]
    assert drift[12 * 50] == pytest.approx(61, abs=0.5)
    # The whole silence counts. As long as a short one it would make it 71, whatever the voice.
    assert drift[12 * 50] < drift[-1] < 63


def test_a_loss_of_sound_after_a_silence_is_no_lag_of_the_clock():
    """The rest of the updates after the silence is not made up for when the alignment has settled."""
    loop, echo = ClockDriftEstimator(), np.ones(BINS, dtype=np.complex128)
    late = echo * np.exp(-0.5j * np.pi * np.arange(BINS) / HOP)  # half a sample

    def update() -> float:
        return loop.update(late, echo, np.ones(BINS))

    loop.skip(200)
    assert update() > 0.2
    loop.settle()
    drift = loop.drift
    settling = [update() - drift for _ in range(ClockDriftEstimator.SETTLING_UPDATES)]
    assert (loop.drift, settling) == (drift, pytest.approx([0.05] * ClockDriftEstimator.SETTLING_UPDATES, abs=0.03))
    assert update() - loop.drift < 0.02


def test_digital_silence_counts_as_that_of_a_quiet_microphone():
    far = np.concatenate([coach(3), np.zeros(16_000, np.int16)])
    done = clean(wandering(far, 0, 0, change_s=0), far)
    assert [cleaned.error_db for cleaned in done[-10:]] == pytest.approx([-80] * 10, abs=3)


@needs_recordings
def test_a_real_loudspeaker_loses_most_of_its_echo():
    far, near = read("echo/farend_singletalk-far.flac"), read("echo/farend_singletalk-mic.flac")
    done = clean(near, far)
    assert taken_off(done, 4) > 15
    assert max(cleaned.near_end_speech for cleaned in done[150:]) < 0.5  # nobody speaks, once the room is known


@needs_recordings
def test_real_double_talk_never_makes_it_louder_and_is_noticed():
    far, near = read("echo/doubletalk-far.flac"), read("echo/doubletalk-mic.flac")
    done = clean(near, far)
    assert all(cleaned.error_db < cleaned.near_db + 3 for cleaned in done if cleaned.near_db > -50)
    assert max(cleaned.near_end_speech for cleaned in done[200:]) > 0.9


@needs_recordings
@pytest.mark.parametrize("box", ["living", "kitchen", "clap"])
def test_a_persons_word_over_the_coach_is_noticed_and_kept(box):
    far, word = coach(10), read("words/stop/0c40e715_nohash_1.flac")
    echo = simulated(far, box=box, delay_ms=60, soft_clip=0.5)
    loudness = np.std(echo[6 * 16_000 :]) / np.std(word)
    user = np.zeros(len(far), dtype=np.int16)
    at = 8 * 16_000
    user[at : at + len(word)] = (word * loudness).astype(np.int16)
    done = clean(simulated(far, user, box=box, delay_ms=60, soft_clip=0.5), far)
    before = max(cleaned.near_end_speech for cleaned in done[6 * 50 : 8 * 50 - 2])
    during = max(cleaned.near_end_speech for cleaned in done[8 * 50 : 9 * 50])
    assert before < 0.5 < during
    kept = samples(done)[at + LATENCY : at + LATENCY + len(word)].astype(float)
    said = user[at : at + len(word)].astype(float)
    assert np.corrcoef(kept, said)[0, 1] > 0.9


def test_a_user_alone_passes_unchanged_but_for_the_latency():
    user = np.concatenate([quiet(1000), say("how do i do the cat", "en-gb-scotland+f3"), quiet(1000)])
    user = user[: len(user) // BLOCK_SIZE * BLOCK_SIZE]
    done = clean(user, np.zeros(len(user), dtype=np.int16))
    kept = samples(done)[LATENCY:].astype(float)
    assert np.abs(kept - user[: len(kept)]).max() < 0.02 * np.abs(user).max()


def test_without_the_auxiliary_canceller_it_works_and_says_so(monkeypatch):
    monkeypatch.setattr(skill.echo_control.aec3, "EchoCanceller", None)
    control = EchoControl()
    assert not control.auxiliary_canceller
    far = coach(10)
    done = clean(simulated(far, delay_ms=60), far, control)
    assert taken_off(done, 6) > 18
    assert max(cleaned.near_end_speech for cleaned in done[150:]) < 0.5


def test_the_auxiliary_canceller_can_be_switched_off():
    assert not EchoControl(EchoSettings(auxiliary_canceller=False)).auxiliary_canceller


def test_the_same_pairs_give_the_same_samples():
    far = coach(3)
    near = simulated(far)
    assert np.array_equal(samples(clean(near, far)), samples(clean(near, far)))


def test_the_callers_arrays_may_be_used_again():
    """A sound device's callback reuses its arrays."""
    far = np.concatenate([coach(2), silence(3 * 16_000), coach(1)])
    near = simulated(far, delay_ms=60)
    control, near_block, far_block, out = EchoControl(), silence(), silence(), []
    for at in range(0, len(far), BLOCK_SIZE):
        near_block[:], far_block[:] = near[at : at + BLOCK_SIZE], far[at : at + BLOCK_SIZE]
        out.append(control.process(near_block, far_block))
    assert np.array_equal(samples(out), samples(clean(near, far)))


@pytest.mark.parametrize("level", [0, 1, 32_767, -32_768])
def test_extreme_input_never_breaks_it(level):
    block = np.full(BLOCK_SIZE, level, dtype=np.int16)
    control = EchoControl()
    for _ in range(100):
        cleaned = control.process(block, block)
    assert 0 <= cleaned.near_end_speech <= 1
    assert np.isfinite([cleaned.near_db, cleaned.error_db]).all()


def test_white_noise_and_clipped_noise_keep_it_stable():
    rng = np.random.default_rng(0)
    far = (rng.standard_normal(16_000 * 4) * 30_000).clip(-32768, 32767).astype(np.int16)
    done = clean(simulated(far, delay_ms=20), far)
    assert taken_off(done, 2) > 10


@pytest.mark.parametrize("kind", [EchoControl, NoEcho])
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (silence(160), "has 160 samples; expected a block of 320"),
        (silence(960), "has 960 samples; expected .* 20 ms at 48000 Hz must be resampled"),
        (np.full(BLOCK_SIZE, 0.1, np.float32), "is an array of float32; expected .*to_int16"),
        (np.full(BLOCK_SIZE, np.nan), "is an array of float64; expected .*to_int16"),
        (np.zeros((BLOCK_SIZE, 2), np.int16), r"is an array of shape \(320, 2\); expected .* choose one channel"),
        (bytes(2 * BLOCK_SIZE), "is a bytes; expected"),
    ],
)
def test_what_is_no_block_is_refused_and_it_is_said_which_and_why(kind, wrong, told):
    with pytest.raises(AudioFormatError, match=f"near {told}"):
        kind().process(wrong, silence())
    with pytest.raises(AudioFormatError, match=f"far {told}"):
        kind().process(silence(), wrong)


def test_the_filter_learns_an_impulse_response_exactly():
    rng = np.random.default_rng(0)
    taps = rng.standard_normal(200) * np.exp(-np.arange(200) / 40) * 0.2
    far = rng.standard_normal(160 * 1000) * 0.1
    near = np.convolve(far, taps)[: len(far)]
    kalman = KalmanFilter(HEAD)
    for at in range(160, len(far), 160):
        echo = kalman.predict(far[at - 160 : at + 160])
        kalman.correct(near[at : at + 160] - echo)
    assert np.abs(impulse_response(kalman.taps)[:200] - taps).max() < 0.01 * np.abs(taps).max()


def test_a_delay_line_reads_between_samples():
    line = DelayLine(1000)
    tone = np.sin(0.2 * np.arange(8000))
    for at in range(0, 8000, 160):
        line.write(tone[at : at + 160])
    assert np.array_equal(line.read(100, 160), tone[7740:7900])
    assert np.allclose(line.read(100.25, 160, back=160), np.sin(0.2 * (np.arange(7580, 7740) - 0.25)), atol=1e-3)


def test_it_rests_while_the_coach_is_silent_and_passes_everything_on_without_a_break():
    """A steady tone at the microphone: exact and 10 ms late at rest, and no click where the rest begins and ends."""
    control = EchoControl()
    tone = (3000 * np.sin(2 * np.pi * 440 * np.arange(16_000 * 5) / 16_000)).astype(np.int16)
    out = []
    for number, start in enumerate(range(0, len(tone), 320)):
        far = np.full(320, 1, np.int16) if number in (0, 200) else np.zeros(320, np.int16)
        out.append(control.process(tone[start : start + 320], far).block)
    heard = np.concatenate(out).astype(int)
    steepest = np.abs(np.diff(tone.astype(int))).max()
    assert np.array_equal(heard[33_000:64_000], tone[33_000 - 160 : 64_000 - 160])
    assert np.abs(np.diff(heard[16_000:])).max() < 1.1 * steepest


def test_a_delay_that_is_believed_wrongly_is_taken_back():
    far = coach(12)
    near = simulated(far, delay_ms=150)
    linear, misled = LinearCanceller(), []
    for at in range(0, len(far), HOP):
        if at == 10 * 16_000:
            linear.shift(linear.alignment.shift(1000.0, lost=True))
        misled.append(linear.process(near[at : at + HOP] / 32768, far[at : at + HOP] / 32768))
    assert linear.alignment.delay_ms == pytest.approx(153, abs=3)
    left = np.concatenate([hop.error for hop in misled[1000:]])
    assert 10 * np.log10(np.sum((near[10 * 16_000 :] / 32768) ** 2) / np.sum(left**2)) > 20


def test_a_search_without_result_restores_the_earlier_correlation():
    draw, finder, second = np.random.default_rng(1), DelayEstimator(), 16_000
    far, near = draw.normal(0, 0.1, (2, 5 * second))
    near[800 : 3 * second] = far[: 3 * second - 800]  # 50 ms late
    near[3 * second : 4 * second] = far[3 * second - 3200 : 4 * second - 3200]  # 200 ms late, for a moment
    found = []
    for at in range(0, len(far), HOP):
        if at == 3 * second:
            finder.forget()
        if at == 4 * second:
            misled = [each.delay for each in found if each][-1]
            finder.restore()
        found.append(finder.update(near[at : at + HOP], far[at : at + HOP]))
    assert misled == pytest.approx(3200, abs=2)
    assert [each.delay for each in found if each][-1] == pytest.approx(800, abs=2)


def test_without_an_echo_nothing_is_removed_and_a_voice_is_near_end_speech():
    control = NoEcho()
    noise = np.random.default_rng(2).normal(0, 30, (60, 320)).astype(np.int16)
    voice = np.random.default_rng(3).normal(0, 1500, (10, 320)).astype(np.int16)
    coach = np.full(320, 9000, np.int16)
    quiet = [control.process(block, coach) for block in noise]
    loud = [control.process(block, coach) for block in voice]
    assert all((each.block == block).all() for each, block in zip(quiet + loud, [*noise, *voice], strict=True))
    assert {each.near_end_speech for each in quiet} == {0.0}
    assert {each.near_end_speech for each in loud} == {1.0}
    assert all(each.far_end_active for each in quiet)
    assert not control.process(noise[0], silence()).far_end_active


def test_with_headphones_nothing_of_the_user_is_discarded():
    far = np.tile(np.concatenate([coach(8), np.zeros(2 * 16_000, dtype=np.int16)]), 4)
    near, plugged_in, word = simulated(far, delay_ms=60), 20 * 16_000, say("pause")
    near[plugged_in:] = np.resize(quiet(1000), len(far) - plugged_in)
    for at in range(plugged_in + 16_000, len(near) - len(word), 5 * 16_000):
        near[at : at + len(word)] = word
    done = clean(near, far)
    assert any(cleaned.mismatch_ms for cleaned in done[20 * 50 : 24 * 50])  # until the headphones are noticed
    assert not any(cleaned.mismatch_ms for cleaned in done[24 * 50 :])
    assert any(cleaned.near_end_speech > 0.5 for cleaned in done[24 * 50 :])
