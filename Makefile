# Depositary. `make` alone prints this help.
#
# A fresh machine needs Python 3.11 or newer, make and git, nothing else: `make site` does the rest.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

# What is installed is what the lock files name, by hash, and nothing is built from source. WHEELS= lifts the
# second, for a system that the packages have no wheels for (Alpine).
WHEELS ?= --only-binary :all:
LOCKED := $(PIP) install --require-hashes $(WHEELS) --requirement
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url $(UPGRADE)

# Options: make test PYTEST="-k dates", make bench BENCH="--sizes 1000"
PYTEST ?=
BENCH ?=

.PHONY: help site check build test bench bless lock clean browser checker

help: ## Print this help
	@printf 'Usage: make TARGET\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done
	@printf '\nStart with: make site\n'

site: $(VENV)/.site ## Install what is needed, check the records and build the site
	@$(BIN)/depositary check
	@$(BIN)/depositary build
	@echo 'The command is $(BIN)/depositary; $(BIN)/depositary --help says what it can do.'

check: $(VENV)/.site ## Check the records and print every finding
	@$(BIN)/depositary check

build: $(VENV)/.site ## Check the records and build the site into build/site
	@$(BIN)/depositary build

test: $(VENV)/.test browser checker ## Install what the tests need, and run the linter and all tests
	$(BIN)/ruff check .
	$(BIN)/python -m pytest $(PYTEST)

bench: $(VENV)/.tools browser ## Measure speed on generated corpora and pages in a browser, beside other generators
	$(BIN)/python -m bench.run $(BENCH)
	$(BIN)/python -m bench.large_treaty
	$(BIN)/python -m bench.search
	$(BIN)/python -m bench.pages

bless: $(VENV)/.test ## Accept changed output: of the golden world, and of the sessions in the documents
	$(BIN)/python -m tests.golden.bless
	$(BIN)/python -m tests.sessions

lock: $(VENV)/.tools ## Write the lock files anew from pyproject.toml (UPGRADE=--upgrade for newer releases)
	$(COMPILE) pyproject.toml --extra fast --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra fast --extra cards --extra test --group build --constraint requirements.lock --output-file requirements-test.lock
	$(COMPILE) pyproject.toml --extra fast --extra bench --group build --group lock --constraint requirements.lock --output-file requirements-tools.lock

clean: ## Remove the site, the caches and the virtual environment
	rm -rf build .cache $(VENV) .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment

# The first Python that is new enough. PYTHON=/path/to/python goes before the others.
FIND_PYTHON = found=; for python in $(PYTHON) python3 python python3.14 python3.13 python3.12 python3.11; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; done

# One made elsewhere does not survive being moved or copied: it is made anew.
ifneq ($(shell cat $(VENV)/.place 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.place
endif

$(VENV)/.place:
	@$(FIND_PYTHON); \
	if [ -z "$$found" ]; then \
		echo 'make: Python 3.11 or newer is needed, and none was found as python3 or python. Install it, or name it: make site PYTHON=/path/to/python' >&2; exit 1; fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "make: $$found cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear $(VENV) && printf '%s\n' "$(CURDIR)" > $@

$(VENV)/.site: $(VENV)/.place requirements.lock pyproject.toml
	@echo 'Installing what the site needs (requirements.lock)'
	@$(LOCKED) requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.site requirements-test.lock
	@echo 'Installing what the tests need (requirements-test.lock)'
	@$(LOCKED) requirements-test.lock
	@touch $@

$(VENV)/.tools: $(VENV)/.site requirements-tools.lock
	@echo 'Installing the tools (requirements-tools.lock)'
	@$(LOCKED) requirements-tools.lock
	@touch $@

# A browser for the tests that look at pages

browser:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing Chromium for the browser tests'; \
		apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends chromium fonts-noto-cjk fonts-noto-core >/dev/null; \
	else \
		echo 'There is no Chromium on PATH: the browser tests will be skipped. On Debian: apt install chromium fonts-noto-cjk fonts-noto-core'; \
	fi

# The Nu HTML checker, by hash, for the test that has it read all pages

CHECKER := $(VENV)/html-checker

checker: $(VENV)/.place
	@if ! command -v java >/dev/null || ! command -v npm >/dev/null; then \
		echo 'There is no Java, or no npm, on PATH: the HTML checker will be skipped. On Debian: apt install default-jre-headless npm'; \
	elif ! cmp -s tests/html_checker/package-lock.json $(CHECKER)/package-lock.json || ! [ -e $(CHECKER)/.installed ]; then \
		echo 'Installing the HTML checker (tests/html_checker/package-lock.json)'; \
		rm -rf $(CHECKER) && mkdir -p $(CHECKER) && cp tests/html_checker/package.json tests/html_checker/package-lock.json tests/html_checker/.npmrc $(CHECKER) && \
		if (cd $(CHECKER) && npm ci --silent || npm ci --silent); then touch $(CHECKER)/.installed; \
		else echo 'The HTML checker could not be installed: it will be skipped.'; fi; \
	fi
