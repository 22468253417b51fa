# `make book` and `make test` work as the first command on a machine that has Python 3.11 to 3.13,
# git and make; everything else is installed into .venv from requirements.lock.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
  "$$candidate" -c "$(SUITABLE)" 2>/dev/null && echo "$$candidate" && break; done)

# One process more than two cores, since many tests wait for others; the tests of a file share what
# they prepare, and tests/conftest.py puts the longest first.
SIDE_BY_SIDE := --numprocesses=3 --dist=loadfile --no-loadscope-reorder

.PHONY: help setup book strict smoke claims replications quick test test-all notebooks lint grade-demo bench check serve pictures lock clean

help:  ## list these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(READY)  ## install everything into .venv, from the lock

$(READY): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
	  echo "No Python 3.11, 3.12 or 3.13 with venv found. Install one (Debian, Ubuntu: apt install python3-venv) or type: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@echo "Installing the locked packages into $(VENV) (about 3 GB on disk, 2 to 6 minutes) ..."
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --no-index --quiet --editable .
	@touch $(READY)

book: $(READY)  ## build the site: fetch, train, execute all chapters; SOLUTIONS=no leaves solutions out
	$(BIN)/python -m fmnist book $(if $(filter no,$(SOLUTIONS)),--no-solutions)

strict: $(READY)  ## build it, and fail where a claim of the book does not hold on this machine
	$(BIN)/python -m fmnist book --strict

smoke: $(READY)  ## build it strictly on a small subset of the images, into _build/smoke/_build/html
	$(BIN)/python -m fmnist book --tier smoke --strict

claims: $(READY)  ## renew the kept results, and try the claims anew (hours; goes on)
	$(BIN)/python -m fmnist runs record
	$(MAKE) replications

replications: $(READY)  ## try the claims with other seeds and in other arithmetics (hours; goes on)
	$(BIN)/python -m fmnist course claims

notebooks: $(READY)  ## write student notebooks of every chapter into _build/notebooks
	$(BIN)/python -m fmnist notebooks

quick: $(READY)  ## the tests that need neither processes nor Keras, within a minute
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder \
	  -m "not machine and not keras and not slow"

test: $(READY)  ## prove the project
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-all: $(READY)  ## the same, and what takes longer
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "slow or not slow"

lint: $(READY)  ## style, types and imports of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

grade-demo: $(READY)  ## grade a synthetic class of 60 and open its page
	rm -rf _build/demo
	$(BIN)/python -m fmnist course class _build/demo --students 60 --assignment week1
	$(BIN)/python -m fmnist grade _build/demo/submissions --out _build/demo/grades \
	  --roster _build/demo/class.csv --assignment week1
	@$(BIN)/python -m webbrowser _build/demo/grades/index.html >/dev/null || true

bench: $(READY)  ## speed against rivals, in the same run
	$(BIN)/python tests/benchmarks/loading.py
	$(BIN)/python tests/benchmarks/training.py
	$(BIN)/python tests/benchmarks/feedback.py
	$(BIN)/python tests/benchmarks/grading.py

check: lint smoke test  ## what continuous integration runs

serve: $(READY)  ## show the built site on http://127.0.0.1:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

pictures: $(READY)  ## take the README's pictures of a page and of a reply, from the built site
	$(BIN)/python tests/pictures.py

lock:  ## renew requirements.lock from pyproject.toml
	@test -x $(BIN)/uv || $(MAKE) setup
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev \
	  --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean:  ## remove what was built; data and trained runs stay in the cache
	rm -rf _build
