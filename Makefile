# visavis: make run · test · check · bench
#
# Needs Python 3.11 or newer, make and git. Everything else comes into .venv (uv, Node as a wheel, the packages of
# requirements*.lock) and node_modules; `make test` also wants Chromium and PostgreSQL, and installs Debian's
# where it may.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
UV_VERSION := 0.13.8
STATIC := src/visavis/server/static
NPM    := ../$(BIN)/python ../scripts/node.py npm

# Compiled modules are kept, also where containers turn that off: a start then takes half as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-ready test-read test-python test-browser test-web check bench models lock docs web chromium postgres clean help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: $(VENV)/.ready $(STATIC)/index.html  ## start visavis on http://127.0.0.1:8000 (PORT changes it)
	@$(BIN)/visavis serve

test:  ## everything: installs what it needs, pulls the weights, runs all tests
	@$(MAKE) -j 4 test-ready test-web
	@$(MAKE) test-python test-browser

test-ready: $(VENV)/.dev $(STATIC)/index.html chromium postgres models test-read

test-read: $(VENV)/.dev  # compiled once, while the weights come; what is wrong with them the run itself will say
	@$(BIN)/python -m pytest --collect-only -q >/dev/null || true

test-python: $(VENV)/.dev $(STATIC)/index.html chromium postgres models
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore tests/browser

test-browser: $(VENV)/.dev $(STATIC)/index.html chromium models
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/browser

test-web: $(VENV)/.ready web/node_modules/.ready
	cd web && $(NPM) run test

check: $(VENV)/.dev web/node_modules/.ready  ## ruff, mypy strict, import-linter, file sizes, secrets; type-check and tests of the page
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_files.py
	$(BIN)/python scripts/scan.py
	$(BIN)/python scripts/generate_docs.py --check
	cd web && $(NPM) run check

bench: $(VENV)/.dev $(STATIC)/index.html chromium models  ## measure; prints a report and writes bench/out/*.json
	$(BIN)/python -m bench $(BENCH)

models: $(VENV)/.ready  ## pull and verify the default models
	@$(BIN)/visavis models pull

docs: $(VENV)/.dev  ## write the generated pages of docs/ anew
	$(BIN)/python scripts/generate_docs.py

lock: $(VENV)/bin/uv  ## resolve pyproject.toml into the two lock files
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --group build pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

web: $(VENV)/.ready web/node_modules/.ready  ## build the page
	cd web && $(NPM) run build

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "visavis needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/uv
	@echo "Installing visavis into $(VENV) …"
	@VIRTUAL_ENV=$(VENV) $(UV) pip install -q -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.ready
	@VIRTUAL_ENV=$(VENV) $(UV) pip install -q -r requirements-dev.lock
	@touch $@

web/node_modules/.ready: web/package-lock.json $(VENV)/.ready
	@echo "Installing the page's packages …"
	@cd web && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STATIC)/index.html: web/node_modules/.ready $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)
	@echo "Building the page …"
	@cd web && $(NPM) run build --silent
	@touch $@

chromium:
	@command -v chromium >/dev/null || sh scripts/install_chromium.sh

postgres: chromium  # after it: only one may install at a time
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || sh scripts/install_postgres.sh

clean:  ## remove what was built
	rm -rf $(VENV) web/node_modules $(STATIC) bench/out
