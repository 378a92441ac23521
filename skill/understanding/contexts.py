"""Contexts: when a template is active."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hassil import Intents
from hassil.intents import IntentData


def contexts(intents: Intents) -> tuple[str, ...]:
    """Return every context that a template names, sorted."""
    data = [d for intent in intents.intents.values() for d in intent.data]
    return tuple(sorted({c for d in data for rule in (d.requires_context, d.excludes_context) for c in _states(rule)}))


@dataclass(frozen=True)
class When:
    """The contexts in which something can be said."""

    needed: frozenset[str] = frozenset()
    """Only in these; empty: in any."""

    excluded: frozenset[str] = frozenset()

    def holds(self, context: str | None) -> bool:
        """Return whether it can be said in a context; None: whether at all."""
        return context is None or ((not self.needed or context in self.needed) and context not in self.excluded)


ALWAYS = When()


def when(data: IntentData) -> When:
    """Return the contexts in which a block of templates can be said."""
    return When(frozenset(_states(data.requires_context)), frozenset(_states(data.excludes_context)))


def _states(requirement: Mapping[str, object]) -> tuple[str, ...]:
    """Return the contexts that `requires_context` or `excludes_context` names under `state`."""
    value = requirement.get("state")
    if isinstance(value, Mapping):
        value = value.get("value")
    if value is None:
        return ()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(str(v) for v in value)
    return (str(value),)
