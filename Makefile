# Each target does all its own set-up in a local virtual environment; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM ?= npm
PORT ?= 8000

help:
	@echo "make site       build this project's own site into site/"
	@echo "make serve      build it, serve it on http://localhost:$(PORT)/ and rebuild on changes"
	@echo "make test       run the tests (needs npm; Chromium for the browser tests)"
	@echo "make test-long  run the long tests too"
	@echo "make lint       ruff and mypy"
	@echo "make bench      measure builds beside other generators (ARGS=\"--sizes 100,1000,10000\")"
	@echo "make bench-live measure live demos in Chromium: weight, start, latency (ARGS=\"--scenes start,latency\")"
	@echo "make bench-serve measure dev servers in Chromium: saved file to changed text (ARGS=\"--sizes 100 --tools pressrun,hugo\")"
	@echo "make clean      remove what builds made"

$(VENV)/installed: pyproject.toml hatch_build.py package-lock.json $(wildcard engines/pyodide/*.*)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable . --editable engines/pyodide --group dev
	touch $@

site: $(VENV)/installed
	$(BIN)/pressrun build

serve: $(VENV)/installed
	$(BIN)/pressrun serve --port $(PORT)

tests/node_modules/installed: tests/package-lock.json
	cd tests && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

test: $(VENV)/installed tests/node_modules/installed
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long" $(ARGS)

test-long: $(VENV)/installed tests/node_modules/installed
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed
	$(BIN)/python -m bench.run $(ARGS)

bench-live: $(VENV)/installed
	$(BIN)/python -m bench.live $(ARGS)

bench-serve: $(VENV)/installed
	$(BIN)/python -m bench.serve $(ARGS)

clean:
	test ! -x $(BIN)/pressrun || $(BIN)/pressrun clean

.PHONY: help site serve test test-long lint bench bench-live bench-serve clean
