# Everything one does here. Plain `make` prints this.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PORT ?= 8000
SIZE ?= 20000

UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
NPM := $(shell npm --version >/dev/null 2>&1 && echo npm || echo .venv/bin/npm)
NODE_GROUP := $(shell npm --version >/dev/null 2>&1 || echo "--group node")
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
DONE := var/made

.PHONY: help setup demo demo-reset test torture check format bench screenshots clean

help: ## Print what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(DONE)/python $(DONE)/static .env ## Install everything into this checkout

demo: setup ## Run the whole portal with sandbox providers (PORT=8000)
	@$(MANAGE) demo --port $(PORT)

demo-reset: setup ## Forget the demo's data and start over
	@rm -f var/portal.sqlite3 var/portal.sqlite3-shm var/portal.sqlite3-wal var/sandbox.jsonl
	@$(MANAGE) demo --port $(PORT)

test: setup ## Run the tests: SQLite, and PostgreSQL and Redis where TEST_DATABASE_URL and TEST_REDIS_URL say
	@$(PYTHON) tools/run_tests.py

torture: setup ## Engines under fire, and properties of many examples (TORTURE_SEED, TORTURE_ROUNDS=5, TORTURE_QUEUE=5000, TORTURE_LISTING=m; TEST_DATABASE_URL, redis-server)
	@SUITE_DATABASE_URL=$(or $(TEST_DATABASE_URL),postgres://postgres@127.0.0.1:5432/postgres) \
	TORTURE_ROUNDS=$(or $(TORTURE_ROUNDS),5) TORTURE_SECONDS=$(or $(TORTURE_SECONDS),30) \
	TORTURE_PROVIDERS=all TORTURE_QUEUE=$(or $(TORTURE_QUEUE),5000) TORTURE_LISTING=$(or $(TORTURE_LISTING),m) \
	TORTURE_EXAMPLES=$(or $(TORTURE_EXAMPLES),300) \
	$(PYTHON) -m pytest -n0 -s tests/torture tests/sync/test_outbox_story.py tests/sync/test_turns_of_each.py
	@TORTURE_EXAMPLES=$(or $(TORTURE_EXAMPLES),300) $(PYTHON) -m pytest -n2 -m hypothesis

check: setup ## Format, lint, types, import contracts, migrations, deploy checks, templates
	@$(PYTHON) tools/run_checks.py

format: setup ## Format Python
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

bench: setup ## Measure, each beside a floor of the same run (SIZE=20000, WITH="--dlt --curve 10000,100000")
	@$(PYTHON) -m benchmarks --rows $(SIZE) $(WITH)

screenshots: setup ## Take the pictures of docs/ again, of a demo started for them (Chromium)
	@$(PYTHON) -m tools.screenshots

clean: ## Remove everything that was installed or built, but keep data and .env
	rm -rf .venv .uv node_modules static/dist var/static $(DONE)

.uv/bin/uv:
	@python3 tools/get_uv.py .uv/bin

# A Python of .python-version if there is one or uv can fetch it, else any that will do.
$(DONE)/python: uv.lock pyproject.toml | $(filter-out uv,$(UV))
	@mkdir -p $(DONE)
	@$(UV) sync --quiet --frozen $(NODE_GROUP) || $(UV) sync --quiet --frozen $(NODE_GROUP) --python '>=3.12'
	@touch $@

$(DONE)/npm: package-lock.json $(DONE)/python
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(NPM) ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# Which of Tabler's rules are shipped is read off the pages and the code.
USES_CLASSES := $(shell find templates organiser_portal static -path static/dist -prune -o \( -name '*.html' -o -name '*.py' -o -name '*.js' -o -name '*.css' \) -print)

$(DONE)/static: $(DONE)/npm static/build.mjs static/icons.txt $(USES_CLASSES)
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(NPM) run --silent build
	@touch $@

.env: | $(DONE)/python
	@$(PYTHON) tools/make_env.py
