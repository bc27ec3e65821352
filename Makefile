# Every target makes what it needs and nothing twice: the stamps remember what was
# installed from which list. `make` alone tells what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup dev run test nightly check bench lock renew sbom audit clean chromium

# The first Python on the path that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
SRC := $(CURDIR)/src
# Hashes for every file, wheels only: nothing is compiled and nothing unexpected is taken.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
CATALOGUES := $(shell find src packs -name '*.po' 2>/dev/null)
DEMO_OPTIONS ?=
PYTEST_OPTIONS ?=

help:
	@echo 'make setup   the environment in .venv'
	@echo 'make run     the product with fictional data at http://127.0.0.1:8000/'
	@echo 'make test    every test, those in a browser included; but not what is left for the night'
	@echo 'make nightly fuzzers, every person at every address, and what else takes long'
	@echo 'make format  lay out code, templates and stylesheets'
	@echo 'make check   layout, lint, types, layers'
	@echo 'make bench   the measurements'
	@echo 'make lock    new pins from requirements/*.in'
	@echo 'make renew   the newest pins that requirements/*.in allow; every three months'
	@echo 'make sbom    the bill of materials (CycloneDX) in build/'
	@echo 'make audit   known weaknesses in what is installed'
	@echo 'make clean   removes .venv and caches; your data in var/ stays'

setup: $(VENV)/.runtime $(BIN)/oslonac $(VENV)/.messages

dev: setup $(VENV)/.dev

run: setup
	@exec $(BIN)/oslonac up --demo $(DEMO_OPTIONS)

test: dev chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal -m 'not bench and not long' $(PYTEST_OPTIONS) tests

# An hour or two. EXAMPLES: requests to each operation and form.
EXAMPLES ?= 25
nightly: dev chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal -m long --examples $(EXAMPLES) $(PYTEST_OPTIONS) tests

bench: dev
	$(BIN)/python -m pytest -m bench $(PYTEST_OPTIONS) tests

format: dev
	$(BIN)/ruff format .
	$(BIN)/python tools/format_pages.py

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/python tools/format_pages.py --check
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports

lock:
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	$(foreach set,runtime dev hsm,$(BIN)/uv pip compile --quiet --universal --python-version 3.11 $(UPGRADE) \
		--generate-hashes --only-binary :all: --no-emit-index-url --no-emit-find-links \
		--custom-compile-command 'make lock' requirements/$(set).in -o requirements/$(set).txt &&) true

renew:
	@$(MAKE) lock UPGRADE=--upgrade
	@date -u +%F > requirements/renewed-on
	@echo 'Every pin is as new as requirements/*.in allow. Run make setup and make test before it is kept.'

sbom: setup
	$(BIN)/oslonac sbom --out build/sbom.cdx.json
	@echo 'Written: build/sbom.cdx.json'

audit: dev
	@.ci/audit

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'Oslonac needs Python 3.11 or newer; none was found. Install it and try again.' >&2; exit 1; }
	@'$(PYTHON)' -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'This Python cannot make environments. On Debian: apt-get install python3-venv.' >&2; exit 1; }

$(VENV)/.runtime: requirements/runtime.txt | $(BIN)/python
	@echo 'Installing what Oslonac needs (about half a minute the first time) ...'
	$(INSTALL) -r requirements/runtime.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo 'Installing what tests and checks need ...'
	$(INSTALL) -r requirements/dev.txt
	@touch $@

# A path file and a small script instead of an editable install: that would fetch a build
# tool without a hash. The script finds its Python beside itself, so blanks and long paths
# in the name of the folder do no harm.
$(BIN)/oslonac: Makefile | $(BIN)/python
	@echo '$(SRC)' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/oslonac.pth"
	@printf '%s\n' '#!/bin/sh' 'exec "$$(dirname "$$(readlink -f "$$0")")/python" -m oslonac.config.cli "$$@"' > $@
	@chmod +x $@

# Message catalogues are compiled here, so that no binary file is in the repository.
$(VENV)/.messages: $(CATALOGUES) $(VENV)/.runtime $(BIN)/oslonac
	@if [ -f src/oslonac/config/commands/messages.py ]; then $(BIN)/oslonac messages; fi
	@touch $@

chromium:
	@test -x /usr/bin/chromium || { \
		echo 'Browser tests need Chromium; installing the Debian package ...'; \
		as_root=''; [ "$$(id -u)" = 0 ] || as_root='sudo -n'; \
		{ $$as_root apt-get update -q && $$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -q --no-install-recommends chromium; } >/dev/null 2>&1; } || { \
		echo 'Chromium could not be installed. Install it as /usr/bin/chromium (on Debian: apt-get install chromium), then run make test again.' >&2; exit 1; }
