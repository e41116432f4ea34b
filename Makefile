# Doors of the project. Everything runs in .venv, made from requirements.lock.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo-programme
PORT ?= 8765
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help install demo test check soak bench bench-pairing bench-skill bench-grade docs screenshots lock system-deps clean

help: ## Say what each door does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(VENV)/installed ## Make .venv from requirements.lock (uv when it can be had, else pip)

$(VENV)/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if $(BIN)/pip install --quiet --disable-pip-version-check uv 2>/dev/null; then \
	  echo "Installing with uv …"; \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  echo "Installing with pip …"; \
	  $(BIN)/pip install --quiet --require-hashes -r requirements.lock && \
	  $(BIN)/pip install --quiet --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

demo: install ## Show the whole pipeline on an invented cohort, then serve its pages
	$(BIN)/skillmap demo --dir $(DEMO) --port $(PORT)

check: install ## Lint, types, floors and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m skillmap --course . check

test: check ## Everything that CI runs
	$(BIN)/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder -m "not soak"

soak: install ## Full-size fault, fuzz and volume runs (up to 60 minutes)
	$(BIN)/pytest -m soak -p no:randomly

bench: bench-pairing bench-skill bench-grade ## All benchmarks; each prints one JSON object as its last line

bench-pairing: install
	$(BIN)/python benchmarks/bench_pairing.py

bench-skill: install
	$(BIN)/python benchmarks/bench_skill.py

bench-grade: install ## Time grading against nbgrader's own (COURSE=DIR: on a copy of that course)
	$(BIN)/python benchmarks/bench_grade.py $(COURSE)

docs: install ## Write docs/reference from the code
	$(BIN)/python docs/generate.py

screenshots: install ## Make the pictures of the README from the demo
	$(BIN)/python docs/screenshots.py $(DEMO)

lock: install ## Renew requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --all-extras --generate-hashes --universal \
	  --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --upgrade --quiet -o requirements.lock

system-deps: ## Install from Debian what some tests need: a browser, PostgreSQL, fonts
	@SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	$$SUDO apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends \
	  python3-venv chromium postgresql fonts-noto-core poppler-utils

clean: ## Remove .venv and the demo
	rm -rf $(VENV) $(DEMO)
