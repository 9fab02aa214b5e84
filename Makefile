# Two commands: `make run` serves the demo, `make test` proves the project. Both set up all that they need.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-ready
DEV_STAMP := $(VENV)/.dev-ready
BENCH_STAMP := $(VENV)/.bench-ready
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test lint types check suite format bench load soak fuzz test-lowest test-python audit licences lock database clean

help: ## Say what each command does.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(RUN_STAMP) ## Serve the demo on http://127.0.0.1:8000.
	$(BIN)/waitress-serve --listen=$(HOST):$(PORT) app:app

test: lint types check suite ## Lint, type-check, check the rules, run every test.

lint: $(DEV_STAMP) ## Ruff: rules and format.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP) ## mypy, strict.
	$(BIN)/mypy

check: $(DEV_STAMP) ## The project's own rules, with their cases.
	$(BIN)/notices check rules

suite: $(DEV_STAMP) ## The tests alone.
	$(BIN)/python -X dev -m pytest -n auto $(ARGS)

format: $(DEV_STAMP) ## Format and mend what ruff can.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BENCH_STAMP) ## Measure against the named rivals and the goals; table, JSON and plot in benchmarks/results/.
	$(BIN)/python -m benchmarks

load: $(DEV_STAMP) ## A site at full speed for 30 minutes, under changes and kills; FOR=300 for less.
	$(BIN)/python -m tests.load $(or $(FOR),1800)

soak: $(DEV_STAMP) ## Faults in bulk, with the figures of docs/reliability.md; TIMES=10 for ten times as many.
	$(BIN)/python -m tests.soak $(TIMES)

fuzz: $(DEV_STAMP) ## Property tests of all inputs with ever new seeds, for 600 seconds; FOR=3600 for more.
	$(BIN)/python -m tests.fuzz $(or $(FOR),600)

test-lowest: ## Every test with the oldest libraries that Notices says it works with (requirements/lowest.lock).
	bash scripts/setup.sh lowest .venv-lowest
	.venv-lowest/bin/python -m pytest -n auto $(ARGS)

test-python: ## Every test on another Python: make test-python PYTHON=python3.13
	PYTHON=$(PYTHON) bash scripts/setup.sh dev .venv-$(PYTHON)
	.venv-$(PYTHON)/bin/python -m pytest -n auto $(ARGS)

audit: $(RUN_STAMP) ## Ask for known advisories on what is locked (needs pip-audit and the network); what is not known fails.
	pip-audit --strict --require-hashes --disable-pip -r requirements/run.lock

licences: $(DEV_STAMP) ## List what each locked package is licensed under, in docs/licences.md.
	$(BIN)/python scripts/build_licences.py

lock: ## Resolve the dependencies anew (needs uv).
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group demo pyproject.toml -o requirements/run.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev pyproject.toml -c requirements/run.lock -o requirements/dev.lock
	low=$$(mktemp) && uv pip compile -q --universal --python-version 3.11 --resolution lowest-direct --no-annotate --no-header pyproject.toml -o $$low && \
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev --group demo pyproject.toml -c $$low -o requirements/lowest.lock; rm -f $$low

database: $(DEV_STAMP) ## Build the embedded country database from Debian's tor-geoipdb.
	$(BIN)/python scripts/build_country_database.py

clean: ## Remove the environment and all caches.
	rm -rf $(VENV) .venv-* build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(RUN_STAMP): requirements/run.lock pyproject.toml scripts/setup.sh
	bash scripts/setup.sh run $(VENV)
	@touch $@

$(DEV_STAMP): requirements/dev.lock pyproject.toml scripts/setup.sh
	bash scripts/setup.sh dev $(VENV)
	@touch $@ $(RUN_STAMP)

$(BENCH_STAMP): $(DEV_STAMP)
	bash scripts/setup.sh bench $(VENV)
	@touch $@
