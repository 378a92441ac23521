"""Fits the decision about near speech: `python -m benchmarks.double_talk_fit`, or `make near-speech`.

A perceptron with one hidden layer, by Adam (Kingma and Ba, ICLR 2015) on the cross entropy. One scene of five is kept
aside: it chooses the bias, so that the coach alone rarely passes for somebody. The same scenes give the same weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks import recordings
from benchmarks.double_talk_data import SCENE_S, Scene, material, scenes
from benchmarks.synthetic_speakers import kept_speech
from skill.echo_control.double_talk import WEIGHTS, columns

SCENES = 400
"""Over four hours: with a quarter of them, 58 instead of 66 of 100 words were noticed within 100 ms."""

HIDDEN = 96
EPOCHS = 24
BATCH = 1024
RATE = 0.003
DECAY = 0.2
"""Weight decay."""

EVERY = 2
"""Of neighbouring hops, which are much alike, one of so many is learnt from."""

KEPT_ASIDE = 5
"""One scene of so many."""

FALSE_AN_HOUR = 100.0
"""So often the coach may give way for nothing in the scenes, which are far worse than a living room: unknown rooms,
noise up to 3 dB below the coach, moments after a start."""

APART_HOPS = 50
"""False alarms that are nearer than this are one."""


@dataclass
class Network:
    """Weights of the two layers."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    bias: float

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the log odds of near speech, a value a row."""
        return np.tanh(features @ self.hidden + self.hidden_bias) @ self.out + self.bias


def fit(features: np.ndarray, speech: np.ndarray, weight: np.ndarray, seed: int = 1) -> Network:
    """Fit a network; features (n, any), speech and weight (n,)."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-3
    draw = np.random.default_rng(seed)
    standard = ((features - mean) / spread).astype(np.float32)
    values = [
        (draw.standard_normal((features.shape[1], HIDDEN)) / np.sqrt(features.shape[1])).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (draw.standard_normal(HIDDEN) / np.sqrt(HIDDEN)).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    steps, total = 0, EPOCHS * (len(standard) // BATCH)
    for _ in range(EPOCHS):
        order = draw.permutation(len(standard))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            rows, steps = order[at : at + BATCH], steps + 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * steps / total))
            slopes = _slopes(values, standard[rows], speech[rows], weight[rows])
            for n, slope in enumerate(slopes):
                first[n] = 0.9 * first[n] + 0.1 * slope
                second[n] = 0.999 * second[n] + 0.001 * slope**2
                step = first[n] / (1 - 0.9**steps) / (np.sqrt(second[n] / (1 - 0.999**steps)) + 1e-8)
                values[n] = values[n] - rate * (step + DECAY * values[n])
    hidden, hidden_bias, out, bias = values
    hidden = hidden / spread[:, None]
    return Network(hidden, hidden_bias - mean @ hidden, out, float(bias[0]))


def _slopes(values: Sequence[np.ndarray], rows: np.ndarray, speech: np.ndarray, weight: np.ndarray) -> list[np.ndarray]:
    """Return the gradient of the weighted cross entropy."""
    hidden, hidden_bias, out, bias = values
    inner = np.tanh(rows @ hidden + hidden_bias)
    error = (1 / (1 + np.exp(-(inner @ out + bias[0]))) - speech) * weight / len(rows)
    back = error[:, None] * out * (1 - inner**2)
    return [rows.T @ back, back.sum(axis=0), inner.T @ error, error.sum(keepdims=True)]


def threshold(network: Network, aside: Sequence[Scene], chosen: np.ndarray) -> float:
    """Return the score that the coach alone passes FALSE_AN_HOUR times an hour."""
    scored = [np.where(_alone(scene), network.score(scene.features[:, chosen]), -99.0) for scene in aside]
    hours = len(aside) * SCENE_S / 3600
    levels = np.arange(-2.0, 12.0, 0.05)
    few = [at for at in levels if sum(_alarms(score > at) for score in scored) <= FALSE_AN_HOUR * hours]
    return float(few[0]) if few else float(levels[-1])


def _alone(scene: Scene) -> np.ndarray:
    """Tell in which hops nobody speaks nor has just spoken, and no sudden sound is heard."""
    return np.logical_and(scene.speech == 0, scene.weight == 1)


def _alarms(above: np.ndarray) -> int:
    places = np.flatnonzero(above)
    return int((np.diff(places, prepend=-APART_HOPS) >= APART_HOPS).sum())


def weights(found: Sequence[Scene]) -> dict[str, np.ndarray]:
    """Return what double_talk.npz holds, from scenes."""
    stored: dict[str, np.ndarray] = {}
    aside = [scene for number, scene in enumerate(found) if number % KEPT_ASIDE == KEPT_ASIDE - 1]
    learnt = [scene for number, scene in enumerate(found) if number % KEPT_ASIDE != KEPT_ASIDE - 1]
    for name, auxiliary in (("two_views", True), ("one_view", False)):
        chosen = columns(auxiliary=auxiliary)
        network = fit(
            np.concatenate([scene.features[::EVERY, chosen] for scene in learnt]),
            np.concatenate([scene.speech[::EVERY] for scene in learnt]),
            np.concatenate([scene.weight[::EVERY] for scene in learnt]),
        )
        network.bias -= threshold(network, aside, chosen)
        _tell(name, network, aside, chosen)
        stored |= {f"{name}_hidden": network.hidden, f"{name}_hidden_bias": network.hidden_bias}
        stored |= {f"{name}_out": network.out, f"{name}_bias": np.array(network.bias)}
    return {key: value.astype(np.float32) for key, value in stored.items()}


def _tell(name: str, network: Network, aside: Sequence[Scene], chosen: np.ndarray) -> None:
    """Print how soon words of the scenes that were kept aside are noticed."""
    after = []
    for scene in aside:
        score = network.score(scene.features[:, chosen])
        speaks = scene.speech > 0
        recent = np.convolve(speaks, np.ones(13))[: len(speaks)] - speaks
        for at in np.flatnonzero(speaks & (recent == 0)):
            noticed = np.flatnonzero(score[at : at + 40] > 0)
            after.append(10.0 * (noticed[0] + 1) if len(noticed) else np.inf)
    soon = [np.mean(np.array(after) <= ms) for ms in (60, 80, 100, 200, 400)]
    click.echo(
        f"{name}: {len(after)} words, noticed within 60/80/100/200/400 ms: " + " ".join(f"{s:.2f}" for s in soon)
    )


@click.command()
@click.option("--recordings", "folder", type=click.Path(path_type=Path), help="Folder of recordings of people.")
@click.option("--out", type=click.Path(path_type=Path), default=WEIGHTS, help="Where the weights go.")
def main(folder: Path | None, out: Path) -> None:
    """Make the scenes, fit both decisions, and write the weights."""
    found = []
    for scene in scenes(material(recordings.folder(folder), kept_speech()), SCENES):
        found.append(scene)
        click.echo(f"scene {len(found)} of {SCENES}", err=True)
    stored: dict[str, Any] = weights(found)
    np.savez(out, **stored)


if __name__ == "__main__":
    main()
