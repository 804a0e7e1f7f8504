# crossflight.  `make demo` and `make test` need python3 (3.11 or newer), make and a package registry.

PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
UV_LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra build
export PYTHON

.PHONY: docs-validation help demo test check format bench docs lock clean

help:   ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 - \2/p' Makefile

demo: $(VENV)/demo.stamp   ## judge the flown record, plan iss-2022, say where the report is
	@$(BIN)/crossflight audit --out out/audit && $(BIN)/crossflight plan iss-2022 --out out/iss-2022 && echo "Open out/iss-2022/report.html and out/audit/report.html in a browser."

test: $(VENV)/dev.stamp   ## the default tests; says so when the browser tests are left out
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/dev.stamp   ## lint, format, types, import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: $(VENV)/dev.stamp   ## rewrite the sources in the house format
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/dev.stamp   ## print the figures; hours, or a piece: make bench ARGS="--part made-up --years 2 --seeds 5"
	@$(BIN)/python benches/figures.py $(ARGS)

docs: $(VENV)/demo.stamp   ## write docs/rules/ and docs/reference-keys.md anew from the sources
	@$(BIN)/python docs/build_rules.py && $(BIN)/python docs/build_keys.py

docs-validation: $(VENV)/demo.stamp   ## compute the pages of the Validation chapter anew, minutes
	@$(BIN)/python docs/build_validation.py

lock: $(VENV)/dev.stamp   ## pin the newest versions that pyproject.toml allows
	@$(BIN)/python -m pip install --quiet uv && $(UV_LOCK) --upgrade pyproject.toml -o requirements.lock && $(UV_LOCK) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:   ## forget the environment and everything made
	@rm -rf $(VENV) out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/demo.stamp: requirements.lock pyproject.toml tools/environment.sh
	@sh tools/environment.sh $(VENV) requirements.lock && touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml tools/environment.sh
	@sh tools/environment.sh $(VENV) requirements-dev.lock && touch $@ $(VENV)/demo.stamp
