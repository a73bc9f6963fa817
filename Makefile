# Everything a developer types. Settings come from the environment (HOST, PORT, DATABASE_URL, REDIS_URL, LMS_DATA, LMS_CONTENT …);
# ARGS goes to the tool behind a target: make test ARGS='-k quiz', make lock ARGS=--upgrade.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check bench lock clean packages

ARGS ?=
JOBS ?= 3
CODE := lms certificates tests $(wildcard bench)
PYTHON_M := .venv/bin/python -m
COMPILE := $(PYTHON_M) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command 'make lock' $(ARGS)

help: ## show this list
	@awk -F ': .*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/.run ## start the platform; Ctrl-C stops it, the data stay in LMS_DATA (default: var/)
	@exec .venv/bin/lms run $(ARGS)

setup: .venv/.dev packages ## install all that running, testing and developing need
	@echo "ready: make run, make test, make check"

test: .venv/.dev packages ## run every test, on throwaway servers (ARGS='-k quiz' for some, JOBS=6 on a larger machine)
	@echo "testing …"
	@$(PYTHON_M) pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.dev ## read the code with ruff and mypy, without running it
	@echo "checking style …"
	@$(PYTHON_M) ruff check --quiet $(CODE)
	@echo "checking types …"
	@$(PYTHON_M) mypy $(CODE)

bench: .venv/.dev packages ## measure speed and page weights into bench/results.json
	@echo "measuring, which takes some minutes …"
	@$(PYTHON_M) bench $(ARGS)

lock: .venv/.dev ## write the requirements*.lock files anew (ARGS=--upgrade for newer versions)
	@echo "resolving the dependencies of pyproject.toml …"
	@$(COMPILE) --output-file requirements.lock pyproject.toml
	@$(COMPILE) --output-file requirements-dev.lock --extra dev pyproject.toml
	@echo uv | $(COMPILE) --output-file requirements-uv.lock -

clean: ## remove the virtual environment and caches, but no data
	@echo "removing .venv, caches and build products …"
	@rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find $(CODE) -name __pycache__ -prune -exec rm -rf {} +
	@echo "kept: the data folder $${LMS_DATA:-var/} (database, files, keys); remove it yourself to begin anew"

packages:
	@sh bin/packages tests

.venv/.run: requirements.lock requirements-uv.lock bin/install
	@sh bin/install requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@sh bin/install requirements-dev.lock
	@touch $@
