# Two commands: `make run` serves the demo, `make test` proves the project. Both set up all that they need.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-ready
DEV_STAMP := $(VENV)/.dev-ready
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test lint types check suite format bench lock database clean

help: ## Say what each command does.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

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

bench: $(DEV_STAMP) ## Measure against the named rivals; tables on stdout, JSON in benchmarks/results/.
	$(BIN)/python -m benchmarks

lock: ## Resolve the dependencies anew (needs uv).
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group demo pyproject.toml -o requirements/run.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev pyproject.toml -c requirements/run.lock -o requirements/dev.lock

database: $(DEV_STAMP) ## Build the embedded country database from Debian's tor-geoipdb.
	$(BIN)/python scripts/build_country_database.py

clean: ## Remove the environment and all caches.
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(RUN_STAMP): requirements/run.lock pyproject.toml scripts/setup.sh
	bash scripts/setup.sh run $(VENV)
	@touch $@

$(DEV_STAMP): requirements/dev.lock pyproject.toml scripts/setup.sh
	bash scripts/setup.sh dev $(VENV)
	@touch $@ $(RUN_STAMP)
