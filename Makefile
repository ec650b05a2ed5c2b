# 夯实. `make demo` is the short way in; `make help` lists the rest.
SHELL      := /bin/bash
VENV       := .venv
PYTHON     := $(VENV)/bin/python
REQUIRED   := 3.11
CANDIDATES := python3.13 python3.12 python3.11 python3 python
TEST       ?=

# The first that starts and is new enough: a name on the path may be a shim with nothing behind it.
FIND_PYTHON = for it in $(HANGSHI_PYTHON) $(CANDIDATES); do \
	"$$it" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$it"; break; }; done

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev frontend demo serve test attack lint format bench lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(PYTHON):
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
	  echo "夯实需要 Python $(REQUIRED) 或更新的版本（含 venv），这台机器上没有找到。" >&2; \
	  echo "Hangshi needs Python $(REQUIRED) or later with venv; none was found (tried: $(CANDIDATES)). Set HANGSHI_PYTHON to its path." >&2; \
	  exit 1; \
	fi; \
	rm -rf $(VENV); "$$python" -m venv $(VENV)

# A stamp carries the sum of its lock: a lock that has changed asks for a file that is not there.
sum = $(firstword $(shell cat $(1) pyproject.toml 2>/dev/null | cksum))
RUN_STAMP := $(VENV)/.run-$(call sum,requirements/run.txt)
DEV_STAMP := $(VENV)/.dev-$(call sum,requirements/dev.txt)

$(RUN_STAMP): | $(PYTHON)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.run-* && touch $@

$(DEV_STAMP): $(RUN_STAMP)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@rm -f $(VENV)/.dev-* && touch $@

setup: $(RUN_STAMP) frontend ## the environment and the pages' assets

setup-dev: $(DEV_STAMP) frontend ## the same, and what tests and checks need

frontend: $(RUN_STAMP)
	@$(PYTHON) frontend/build.py

demo: setup ## a county to look at, in the browser
	$(VENV)/bin/hangshi demo

serve: setup ## the server on this machine's data
	$(VENV)/bin/hangshi serve

test: setup-dev ## the test suite; TEST="tests/cases -k close" for a part of it
	$(PYTHON) -m pytest $(TEST)

attack: setup-dev ## the long forms: random requests by everybody, the state machine 500 x 50, generated calls of the API
	$(PYTHON) -m tests.attack --requests 100000
	HANGSHI_LONG=1 $(PYTHON) -m pytest tests/proof_access/test_state_machine.py tests/api/test_schemathesis.py

lint: setup-dev ## style, types, and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: setup-dev ## put the code in shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: setup-dev ## the measurements
	$(PYTHON) -m bench

LOCK = uv pip compile pyproject.toml --universal --python-version $(REQUIRED) --generate-hashes --quiet \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links

lock: ## new lock files from pyproject.toml and package.json (needs uv and npm)
	$(LOCK) --group build -o requirements/run.txt
	$(LOCK) --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	cd frontend && npm install --package-lock-only
	cd frontend/browser && npm install --package-lock-only

clean: ## remove everything that was built, but not the data in var/
	rm -rf $(VENV) build dist frontend/node_modules frontend/browser/node_modules frontend/browser/.unpacked \
	  src/hangshi/web/static/dist src/hangshi/web/static/dist.new
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage htmlcov
