# Everything runs in .venv, which the first call makes from requirements-dev.lock.
# Nothing is needed but git, make and Python 3.11 or newer with its venv module.

PYTHON ?= python3
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
REPOS ?=
ROUNDS ?= 3

RUN := .venv/bin/python -m
LOCK := requirements-dev.lock
READY := .venv/.ready
PEERS_READY := .venv-bench/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format types layers docs docs-check pictures self-scan lock bench clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: $(READY) ## build the example repository, scan it and show what was found
	@.venv/bin/forensics demo

test: $(READY) ## run the tests
	$(RUN) pytest

check: lint types layers docs-check test self-scan ## everything that a change must pass

lint: $(READY) ## ruff: rules and format
	$(RUN) ruff check
	$(RUN) ruff format --check

format: $(READY) ## let ruff repair and format what it can
	$(RUN) ruff check --fix
	$(RUN) ruff format

types: $(READY) ## mypy, strict
	$(RUN) mypy

layers: $(READY) ## import-linter: who may import whom
	.venv/bin/lint-imports

docs: $(READY) ## write the generated docs anew
	$(RUN) forensics.cli.docs

docs-check: $(READY) ## fail if the generated docs are stale
	$(RUN) forensics.cli.docs --check

pictures: $(READY) ## draw the pictures of the terminal interface anew, for docs/ and the tests
	PICTURES=renew $(RUN) pytest tests/tui/test_pictures.py

# With a configuration of its own, so that checking leaves no key with the user.
self-scan: $(READY) ## scan our own history, which must hold no secret
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	XDG_CONFIG_HOME="$$scratch/config" XDG_CACHE_HOME="$$scratch/cache" XDG_STATE_HOME="$$scratch/state" \
	.venv/bin/forensics scan . --index "$$scratch/index.db"

lock: $(READY) ## pin the newest releases that pyproject.toml allows
	$(RUN) piptools compile --quiet --upgrade --extra dev --allow-unsafe --strip-extras \
		--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file $(LOCK) pyproject.toml

bench: $(READY) $(PEERS_READY) ## measure against the peers: make bench REPOS="a.git b.git"
	@test -n "$(REPOS)" || { echo 'name bare clones to measure: make bench REPOS="curl.git redis.git"' >&2; exit 2; }
	.venv/bin/python bench/peers.py --rounds $(ROUNDS) $(REPOS)
	.venv/bin/python bench/floor.py --rounds $(ROUNDS) $(REPOS)
	.venv/bin/python bench/phases.py --rounds $(ROUNDS) $(REPOS)
	for repo in $(REPOS); do .venv/bin/python bench/budgets.py --rounds $(ROUNDS) "$$repo"; done

clean: ## remove the environments, caches and builds
	rm -rf .venv .venv-bench build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment that works is kept, and only what the lock changed is installed.
$(READY): $(LOCK) pyproject.toml
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || { \
		for python in "$(PYTHON)" $(PYTHONS); do \
			if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
				echo "making .venv with $$python"; \
				exec "$$python" -m venv --clear .venv; \
			fi; \
		done; \
		echo 'no Python 3.11 or newer with its venv module here: install one' \
			'(on Debian and Ubuntu: apt install python3 python3-venv),' \
			'or name one: make PYTHON=/path/to/python3.13' >&2; \
		exit 1; \
	}
	$(RUN) pip install --quiet --disable-pip-version-check -r $(LOCK)
	$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(PEERS_READY): bench/requirements.txt $(READY)
	.venv/bin/python -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@
