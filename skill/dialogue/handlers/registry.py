"""The registry of handlers: which function carries out which intent."""

from collections.abc import Callable

from skill.dialogue.transition import Transition
from skill.events import Heard

Handler = Callable[[Transition, Heard], None]

HANDLERS: dict[str, Handler] = {}
"""Intent name -> the function that carries it out."""


def on(*intents: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of these intents."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(intents, handler))
        return handler

    return register
