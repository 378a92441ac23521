# `make run` starts the coach, `make test` runs all tests. Both set up what is missing first; a second call sets up nothing.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# What the skill needs of Debian: the speech engine, the sound library, virtual environments.
RUN_LIBRARIES  := espeak-ng libportaudio2 python3-venv
# What only the tests need: sound devices without a sound card, and recording from them.
TEST_LIBRARIES := pulseaudio pulseaudio-utils libasound2-plugins

.PHONY: run test check bench picture clean

run: $(VENV)/.run
	@$(BIN)/back-stretches

test: $(VENV)/.test
	$(BIN)/python -m pytest

# Lint and types.
check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Measure how well speech is understood; needs the recordings of people (see README).
bench: $(VENV)/.test
	$(BIN)/back-stretches bench --json bench.json

# Draw again what is drawn from the code: the dialogue's states, and one interruption of the coach.
picture: $(VENV)/.test
	$(BIN)/python -m skill.dialogue.diagram > docs/states.md
	$(BIN)/python -m skill.bench.interruption docs/interruption.svg

$(VENV)/.run: setup.cfg pyproject.toml
	@sh .ci/libraries $(RUN_LIBRARIES)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/back-stretches models fetch
	@echo "There is a more natural voice: $(BIN)/pip install --editable '.[natural]', then $(BIN)/back-stretches --voice natural"
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@sh .ci/libraries $(TEST_LIBRARIES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
