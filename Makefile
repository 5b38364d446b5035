# Needs python ≥ 3.11 and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0

.PHONY: setup run test lint bench soak screenshots lock

setup: $(VENV)/stamp .env

# Stamped last, so that a broken-off installation is taken up again.
$(VENV)/stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make setup PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --quiet $(TORCH)
	$(BIN)/pip install --disable-pip-version-check --quiet --requirement requirements.lock
	touch $@

# An existing .env is never touched; the key is this installation's own.
.env: | $(VENV)/stamp
	umask 077; sed "s/^SECRET_KEY=$$/SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(32))')/" .env.example > $@

run: setup
	$(BIN)/python -m bot run

# A file of tests to each core at a time.
test: setup
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_telegram
	$(BIN)/python -m tests.bench_reminders

# Kills the assistant 30 times while 1,000 messages go out; takes about three minutes.
soak: setup
	$(BIN)/python -m tests.soak

# The README's pictures, taken anew; needs Chromium.
screenshots: setup
	$(BIN)/python -m tests.screenshots

# Resolves pyproject.toml's dependency groups anew. The GPU libraries that torch brings on some machines stay out:
# which build of torch is fetched, and what it needs, is the installing machine's business.
lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --upgrade pip
	build/lock/bin/pip install --quiet $(TORCH)
	build/lock/bin/pip install --quiet --group dev
	build/lock/bin/pip freeze | sed -E 's/^torch(==| @ ).*/$(TORCH)/; /^(nvidia|cuda|triton)/d' > requirements.lock
	rm -rf build/lock
