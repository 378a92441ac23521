# `make run` starts the coach, `make test` runs the tests. Both set up what is missing first; a second call sets up nothing.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# Debian packages that the skill needs: the speech engine, the sound library, virtual environments.
RUN_LIBRARIES  := espeak-ng libportaudio2 python3-venv
# The sound server for the tests: pulseaudio or pipewire. Without a choice, the one that fits this machine.
SOUND_SERVER := $(or $(SOUND_SERVER),$(shell sh .ci/sound-server))
# Packages that only the tests need: a sound server with virtual devices, the way to it, and recording from it.
TEST_LIBRARIES_pulseaudio := pulseaudio pulseaudio-utils libasound2-plugins
TEST_LIBRARIES_pipewire   := pipewire-pulse wireplumber pipewire-alsa pulseaudio-utils
# Packages that only the benchmarks need: more voices, and long texts for them to read.
BENCH_LIBRARIES := flite festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts fortunes fortunes-min
# The npm package with Kokoro's English voices (Apache-2.0).
KOKORO_VOICES := kokoro-js@1.2.1

# Tests run in one process for each processor, and two more for those that wait for sound devices.
PYTEST = SOUND_SERVER=$(SOUND_SERVER) $(BIN)/python -m pytest -n auto

.PHONY: run sound-server test test-fast test-long check bench compare picture wheels double-talk clean

run: $(VENV)/.run
	@$(BIN)/back-stretches

# The sound server for the tests, which only those with sound devices need.
sound-server: $(VENV)/.test
	@sh .ci/sound-server >/dev/null
	@sh .ci/libraries $(TEST_LIBRARIES_$(SOUND_SERVER)) \
		|| { echo "The tests without sound do not need it: make test-fast." >&2; exit 1; }
	@sh .ci/sound-server --say

# All tests, with samples of the long ones (see tests/tiers.py).
test: sound-server
	$(PYTEST) -m "not long"

# The fast tests, without speech and devices.
test-fast: $(VENV)/.test
	$(PYTEST) -m fast

# The long tests in full: all sentences, all spoken scenarios, all kills, RANDOM_SESSIONS random sessions.
test-long: $(VENV)/.test
	$(PYTEST) -m long

# Lint and types.
check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Measure accuracy, false alarms, decision time and compute; needs the recordings of people (see README).
bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks --json bench.json --record bench-record.jsonl

# Compare this checkout with another commit (make compare BASE=e702cd8): start-up, event logs, slowest block; with
# WITH="--tests --ci" also the wall time of `make test` and `.ci/run`.
compare: $(VENV)/.test
	$(BIN)/python -m benchmarks.compare $(WITH) $(BASE)

# Draw the pictures that are made from the code: the dialogue's states, and one interruption of the coach.
picture: $(VENV)/.test
	$(BIN)/python -m benchmarks.pictures.states > docs/states.md
	$(BIN)/python -m benchmarks.pictures.interruption docs/interruption.svg

# For which platforms and versions of Python pip finds all dependencies ready-made (docs/platforms.md), in some minutes.
wheels: $(VENV)/.test
	@$(BIN)/python -m benchmarks.wheels

# Train the double-talk detector, in about 40 minutes; needs the recordings of people.
double-talk: $(VENV)/.test
	$(BIN)/python -m benchmarks.double_talk.training

$(VENV)/.run: setup.cfg pyproject.toml
	@sh .ci/libraries $(RUN_LIBRARIES)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/back-stretches models fetch
	@echo "There is a more natural voice: $(BIN)/pip install --editable '.[natural]', then $(BIN)/back-stretches --voice natural"
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	@sh .ci/libraries $(BENCH_LIBRARIES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	mkdir -p $(VENV)/share/kokoro
	cd $(VENV)/share/kokoro && npm pack --silent --ignore-scripts $(KOKORO_VOICES) && tar -xzf *.tgz package/voices package/LICENSE
	rm $(VENV)/share/kokoro/*.tgz
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
