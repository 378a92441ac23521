"""The dialogue: a pure state machine over frozen values.

`step(state, event)` returns the next state and the actions that the session carries out. Of the rest of the package the
dialogue imports only `content` (routines and responses), `events` and `preferences`.
"""
