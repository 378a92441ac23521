"""When a template is active: the contexts that it names."""

from collections.abc import Iterable, Mapping

from hassil import Intents
from hassil.intents import IntentData


def contexts(intents: Intents) -> tuple[str, ...]:
    """Return every context that a template names, sorted."""
    data = [d for intent in intents.intents.values() for d in intent.data]
    return tuple(sorted({c for d in data for rule in (d.requires_context, d.excludes_context) for c in _states(rule)}))


def is_active(data: IntentData, context: str | None) -> bool:
    """Tell whether a block of templates can be said in a context."""
    if context is None:
        return True
    needed, excluded = _states(data.requires_context), _states(data.excludes_context)
    return (not needed or context in needed) and context not in excluded


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
