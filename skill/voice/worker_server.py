"""The server in every worker process of a voice: it takes requests and answers each, one JSON object a line.

A request is `{"text", "voice", "rate", "path"}` on standard input. An answer on standard output is `{"ok": true}`,
`{"error": "..."}` if the engine failed, or `{"refused": "..."}` if the request is wrong and the engine is well.
The first answer means that the engine is ready.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

Render = Callable[..., None]
"""Writes the speech for the fields of a request to its path. Raises WrongRequest if no engine could."""


class WrongRequest(ValueError):
    """A request that cannot be carried out; the message is one clear sentence for the user."""


def serve(load: Callable[[], Render]) -> None:
    """Load the engine once, then answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever the engine prints goes to standard error
    try:
        render = load()
    except Exception as error:  # every engine fails in its own way; all of them mean: no voice here
        _answer(answers, error=f"{type(error).__name__}: {error}")
        return
    _answer(answers, ok=True)
    for line in sys.stdin:
        try:
            render(**json.loads(line))
            _answer(answers, ok=True)
        except WrongRequest as error:
            _answer(answers, refused=str(error))
        except Exception as error:
            _answer(answers, error=f"{type(error).__name__}: {error}")


def _answer(answers: TextIO, **content: Any) -> None:
    answers.write(json.dumps(content) + "\n")
