"""Trains the double-talk detector: `python -m benchmarks.double_talk.training`, or `make double-talk`.

A perceptron with one hidden layer, trained with Adam (Kingma and Ba, ICLR 2015) on the cross entropy. One scene in five
is held out to choose the bias, which sets the rate of false interruptions. The same scenes give the same weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.data import recordings
from benchmarks.data.synthetic_speakers import kept_speech
from benchmarks.double_talk.training_data import SCENE_S, Scene, material, scenes
from skill.echo_control.double_talk import WEIGHTS, columns

SCENES = 400
"""Number of scenes, over four hours. With a quarter of them, 58 instead of 66 of 100 words were detected in 100 ms."""

HIDDEN = 96
EPOCHS = 24
BATCH = 1024
RATE = 0.003
DECAY = 0.2
"""Weight decay."""

EVERY = 2
"""One in this many hops is used: adjacent hops are almost alike."""

HELD_OUT = 5
"""One scene in this many is held out."""

FALSE_AN_HOUR = 100.0
"""False interruptions an hour that are allowed in the held-out scenes. These are much harder than a living room:
unknown rooms, noise up to 3 dB below the coach, the seconds after a start."""

APART_HOPS = 50
"""False alarms that are closer together than this count as one."""


@dataclass
class Network:
    """Weights of the two layers."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    bias: float

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the log odds of near-end speech, one value for each row."""
        return np.tanh(features @ self.hidden + self.hidden_bias) @ self.out + self.bias


def train(features: np.ndarray, speech: np.ndarray, weight: np.ndarray, seed: int = 1) -> Network:
    """Train a network. features: (n, any); speech, weight: (n,)."""
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
            gradient = _gradient(values, standard[rows], speech[rows], weight[rows])
            for n, slope in enumerate(gradient):
                first[n] = 0.9 * first[n] + 0.1 * slope
                second[n] = 0.999 * second[n] + 0.001 * slope**2
                step = first[n] / (1 - 0.9**steps) / (np.sqrt(second[n] / (1 - 0.999**steps)) + 1e-8)
                values[n] = values[n] - rate * (step + DECAY * values[n])
    hidden, hidden_bias, out, bias = values
    hidden = hidden / spread[:, None]
    return Network(hidden, hidden_bias - mean @ hidden, out, float(bias[0]))


def _gradient(
    values: Sequence[np.ndarray], rows: np.ndarray, speech: np.ndarray, weight: np.ndarray
) -> list[np.ndarray]:
    """Return the gradient of the weighted cross entropy."""
    hidden, hidden_bias, out, bias = values
    inner = np.tanh(rows @ hidden + hidden_bias)
    error = (1 / (1 + np.exp(-(inner @ out + bias[0]))) - speech) * weight / len(rows)
    back = error[:, None] * out * (1 - inner**2)
    return [rows.T @ back, back.sum(axis=0), inner.T @ error, error.sum(keepdims=True)]


def threshold(network: Network, held_out: Sequence[Scene], chosen: np.ndarray) -> float:
    """Return the score that the coach alone exceeds FALSE_AN_HOUR times an hour."""
    scored = [np.where(_alone(scene), network.score(scene.features[:, chosen]), -99.0) for scene in held_out]
    hours = len(held_out) * SCENE_S / 3600
    levels = np.arange(-2.0, 12.0, 0.05)
    few = [at for at in levels if sum(_alarms(score > at) for score in scored) <= FALSE_AN_HOUR * hours]
    return float(few[0]) if few else float(levels[-1])


def _alone(scene: Scene) -> np.ndarray:
    """Return the hops without near-end speech now or just before, and without a sudden sound."""
    return np.logical_and(scene.speech == 0, scene.weight == 1)


def _alarms(above: np.ndarray) -> int:
    places = np.flatnonzero(above)
    return int((np.diff(places, prepend=-APART_HOPS) >= APART_HOPS).sum())


def weights(found: Sequence[Scene]) -> dict[str, np.ndarray]:
    """Return the arrays of double_talk.npz, trained on the scenes."""
    stored: dict[str, np.ndarray] = {}
    held_out = [scene for number, scene in enumerate(found) if number % HELD_OUT == HELD_OUT - 1]
    training = [scene for number, scene in enumerate(found) if number % HELD_OUT != HELD_OUT - 1]
    for name, auxiliary in (("two_views", True), ("one_view", False)):
        chosen = columns(auxiliary=auxiliary)
        network = train(
            np.concatenate([scene.features[::EVERY, chosen] for scene in training]),
            np.concatenate([scene.speech[::EVERY] for scene in training]),
            np.concatenate([scene.weight[::EVERY] for scene in training]),
        )
        network.bias -= threshold(network, held_out, chosen)
        _print_detection(name, network, held_out, chosen)
        stored |= {f"{name}_hidden": network.hidden, f"{name}_hidden_bias": network.hidden_bias}
        stored |= {f"{name}_out": network.out, f"{name}_bias": np.array(network.bias)}
    return {key: value.astype(np.float32) for key, value in stored.items()}


def _print_detection(name: str, network: Network, held_out: Sequence[Scene], chosen: np.ndarray) -> None:
    """Print how soon the words of the held-out scenes are detected."""
    after = []
    for scene in held_out:
        score = network.score(scene.features[:, chosen])
        speaks = scene.speech > 0
        recent = np.convolve(speaks, np.ones(13))[: len(speaks)] - speaks
        for at in np.flatnonzero(speaks & (recent == 0)):
            noticed = np.flatnonzero(score[at : at + 40] > 0)
            after.append(10.0 * (noticed[0] + 1) if len(noticed) else np.inf)
    soon = [np.mean(np.array(after) <= ms) for ms in (60, 80, 100, 200, 400)]
    click.echo(
        f"{name}: {len(after)} words, detected within 60/80/100/200/400 ms: " + " ".join(f"{s:.2f}" for s in soon)
    )


@click.command()
@click.option("--recordings", "folder", type=click.Path(path_type=Path), help="Folder of recordings of people.")
@click.option("--out", type=click.Path(path_type=Path), default=WEIGHTS, help="File for the weights.")
def main(folder: Path | None, out: Path) -> None:
    """Make the scenes, train both networks, and write the weights."""
    found = []
    for scene in scenes(material(recordings.folder(folder), kept_speech()), SCENES):
        found.append(scene)
        click.echo(f"scene {len(found)} of {SCENES}", err=True)
    stored: dict[str, Any] = weights(found)
    np.savez(out, **stored)


if __name__ == "__main__":
    main()
