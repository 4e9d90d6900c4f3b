# Everything a checkout needs: `make run` from nothing, `make test`, `make check`.
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
RUNTIME := .venv/requirements.installed
DEV := .venv/requirements-dev.installed
ASSETS := handlepligt/web/static/vendor/built-from.txt
COMPILE := $(BIN)/uv pip compile --quiet --no-config --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.11
FAST := not (browser or prefect or postgres or slow)

.NOTPARALLEL:
.PHONY: help install run demo test check soak format lock migration assets

help: ## Show what make can do here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(RUNTIME) $(ASSETS) ## Make .venv from the locked requirements, and the page assets

run: install ## Start everything; the first time with demo data
	@exec $(BIN)/handlepligt up

demo: install ## Start everything on made-up cases
	@exec $(BIN)/handlepligt demo

test: $(DEV) $(ASSETS) .venv/testbed.ready ## Run all tests, with PostgreSQL, Prefect and a browser
	@$(BIN)/pytest -q -n 2 --dist loadgroup

check: $(DEV) $(ASSETS) ## Format, lint, types, import rules and the fast tests, in under a minute
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -q -n 2 --dist loadgroup -m "$(FAST)"

SOAKED := tests/cases/test_all_verbs_in_any_order.py tests/protocols/test_generated.py

soak: $(DEV) ## Random lives of cases and random protocols, TIMES=5 times as many and longer ones
	@HANDLEPLIGT_SOAK=$(or $(TIMES),5) $(BIN)/pytest -q --timeout 7200 $(SOAKED)

format: $(DEV) ## Lay out the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: $(DEV) ## Resolve the requirements anew and write the locks
	$(COMPILE) $(UPGRADE) pyproject.toml --group build -o requirements.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) $(UPGRADE) --group tools -o requirements-tools.lock

migration: $(DEV) ## Write a migration from the tables: make migration NAME="add a column"
	@last=$$(ls handlepligt/migrations/versions | sed -n 's/^\(0[0-9]*\)_.*/\1/p' | tail -n 1); \
	$(BIN)/alembic -c pyproject.toml revision --autogenerate -m "$(NAME)" \
		--rev-id "$$(printf '%04d' "$$(expr "$${last:-0}" + 1)")"

assets: $(ASSETS) ## Build the page assets

$(RUNTIME): requirements.lock pyproject.toml
	@scripts/install.sh $(if $(wildcard $(DEV)),requirements-dev.lock,requirements.lock)

$(DEV): requirements-dev.lock pyproject.toml
	@scripts/install.sh requirements-dev.lock

$(ASSETS): package-lock.json hatch_build.py | $(RUNTIME)
	@$(BIN)/python hatch_build.py && touch $@

.venv/testbed.ready: scripts/testbed.sh requirements-tools.lock | $(DEV)
	@scripts/testbed.sh
