# `make help` says what there is. Python 3.11 or later and make are all that has to be installed.

VENV = .venv
BIN = $(VENV)/bin
# The environment is made with the first of these that is recent enough; PYTHON=… names others.
PYTHON ?= python3 python3.13 python3.12 python3.11
# uv writes the lock files, and installs in seconds what takes pip minutes; without it, pip does.
UV = uv
PIP = $(BIN)/python -m pip --disable-pip-version-check install --require-hashes --requirement
# The tests of a module run in one process, one after the other: they share what takes long to set up.
PYTEST = $(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder $(ARGS)

# Which frontend `make run` starts: the reference frontend, or the starter in Next.js.
FRONTEND = frontend
ifeq ($(filter frontend next,$(FRONTEND)),)
$(error FRONTEND is $(FRONTEND); it is frontend or next)
endif
# What the starter needs, with the packages beside it.
NEXT = examples/next/node_modules/.package-lock.json

.DEFAULT_GOAL = help

help: ## Say what each target does.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/local $(if $(filter next,$(FRONTEND)),$(NEXT)) ## Start the CMS, a worker and a frontend, with a demo site in an empty database; FRONTEND=next takes the starter in Next.js.
	@$(BIN)/python manage.py prepare_local --settings cms.settings.local
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(if $(filter next,$(FRONTEND)),PURGE_BODY='{"tags": {tags}}') exec honcho --env /dev/null start cms worker $(FRONTEND)

test: $(VENV)/test ## Run the tests, on SQLite; ARGS="-k preview" narrows them.
	TEST_DATABASE=sqlite $(PYTEST) --ignore=tests/adoption --ignore=tests/e2e

e2e: $(VENV)/test ## Try the CMS and the frontend as processes, in a real browser; needs Chromium, and ten minutes or so.
	TEST_DATABASE=sqlite $(PYTEST) tests/e2e

test-postgres: $(VENV)/test ## Run all tests that ask something of the database once more, on a real PostgreSQL.
	TEST_DATABASE=postgres $(PYTEST) --ignore=tests/adoption

adoption: $(VENV)/test ## Try the API in projects of other people, and with Wagtail's own tests of v2; two minutes.
	TEST_DATABASE=sqlite $(PYTEST) tests/adoption

bench: $(VENV)/test ## Measure this API and its cache beside Wagtail's own, on SQLite, then on PostgreSQL; half an hour.
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks.over_http
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks.under_load
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks.publishing
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks.feeding
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks.observing
	TEST_DATABASE=sqlite $(BIN)/python -m tests.benchmarks.expensive
	TEST_DATABASE=postgres $(BIN)/python -m tests.benchmarks
	TEST_DATABASE=postgres $(BIN)/python -m tests.benchmarks.over_http
	TEST_DATABASE=postgres $(BIN)/python -m tests.benchmarks.under_load
	TEST_DATABASE=postgres $(BIN)/python -m tests.benchmarks.publishing
	TEST_DATABASE=postgres $(BIN)/python -m tests.benchmarks.searching
	TEST_DATABASE=postgres $(BIN)/python -m tests.benchmarks.expensive

# For how long, with `--cache-server` and `--django-apart` or without: make soak MINUTES=10 ARGS=--cache-server.
MINUTES = 60

soak: $(VENV)/test ## Use the service for an hour (MINUTES) while parts of it die; TEST_DATABASE=postgres says on what.
	$(BIN)/python -m tests.soak --minutes $(MINUTES) $(ARGS)

lint: $(VENV)/test ## Check style, types, imports between the apps, migrations, and Django's settings.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --cache-dir .cache/import-linter
	DJANGO_SETTINGS_MODULE=cms.settings.local DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=cms.settings.local $(BIN)/python manage.py check
	DJANGO_SETTINGS_MODULE=cms.settings.production $(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# What the production settings cannot do without; the values only have to be of the right kind.
PRODUCTION = \
	SECRET_KEY=only-for-this-check-$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	ALLOWED_HOSTS=cms.example.org \
	FRONTEND_URL=https://www.example.org \
	DATABASE_URL=postgres://cms@localhost/cms

openapi: $(VENV)/test ## Write docs/openapi.json again, the description of the API.
	DJANGO_SETTINGS_MODULE=cms.settings.local DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py spectacular \
		--generator-class frontend_api.openapi.document.Generator --format openapi-json --lang en --validate --fail-on-warn --file docs/openapi.json

pictures: $(VENV)/test ## Make the pictures in docs/images/ anew, by the browser tests that take them.
	TEST_DATABASE=sqlite $(BIN)/python -m tests.e2e.pictures

typescript: ## Turn docs/openapi.json into TypeScript, and compile a small program with it; needs Node.js 20 or later.
	cd tests/typescript && npm ci --silent && npm run --silent check

description: ## Hold docs/openapi.json against the rules of two linters of API descriptions; needs Node.js 20 or later.
	cd tests/description && npm ci --silent && REDOCLY_TELEMETRY=off npm run --silent check

format: $(VENV)/test ## Put the code into shape, and repair what ruff can.
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: ## Write the lock files again, from pyproject.toml; ARGS=--upgrade takes newer versions.
	@command -v $(UV) >/dev/null || { echo 'The lock files are written by uv: install it (pip install uv), or set UV to its path.' >&2; exit 1; }
	$(LOCK) --group test --output-file requirements-test.txt
	$(LOCK) --constraint requirements-test.txt --group local --output-file requirements-local.txt
	$(LOCK) --constraint requirements-test.txt --group service --output-file requirements.txt

# The smaller files take their versions from the largest, so that what is tested is what runs. Versions and hashes
# for every supported Python and machine, and no address of where they come from.
LOCK = $(UV) pip compile --quiet --all-extras --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(ARGS) pyproject.toml

clean: ## Remove the environment and the tools' caches; var/, with the database and media, stays.
	rm -rf $(VENV) .cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -type d -prune -exec rm -rf {} +
	@echo 'The data in var/ is kept; to remove it too: rm -r var'

$(BIN)/python:
	@for python in $(PYTHON); do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
		echo "Making $(VENV) with $$python …"; \
		"$$python" -m venv $(VENV) && exit; \
		rm -rf $(VENV); \
		echo "$$python cannot make a virtual environment; install its venv module (Debian: apt-get install python3-venv)." >&2; \
		exit 1; \
	done; \
	echo 'None of these is Python 3.11, 3.12 or 3.13: $(PYTHON). Install one, or set PYTHON to its path.' >&2; \
	exit 1

# Both check the same hashes. Where uv is there and fails, as without an index that it knows, pip is tried.
INSTALL = install() { \
		echo "Installing what $$1 ($$2), the first time and after it has changed …"; \
		if [ -n "$(UV)" ] && command -v "$(UV)" >/dev/null; then \
			"$(UV)" pip install --python $(BIN)/python --require-hashes --requirement $$2 && return; \
			echo 'uv could not install it; trying pip, which takes a minute or several.'; \
		else \
			echo 'pip takes a minute or several; with uv (https://docs.astral.sh/uv/) it would be seconds.'; \
		fi; \
		$(PIP) $$2; \
	}; install

# A stamp is newer than the lock file that was installed, so that a second run installs nothing.
$(VENV)/local: requirements-local.txt | $(BIN)/python
	@$(INSTALL) 'running needs' requirements-local.txt
	@touch $@

$(VENV)/test: requirements-test.txt | $(BIN)/python
	@$(INSTALL) 'tests and checks need' requirements-test.txt
	@touch $@

$(NEXT): examples/next/package-lock.json clients/typescript/package-lock.json docs/openapi.json $(wildcard clients/*/src/*.ts*) $(wildcard clients/next/src/*/* clients/next/handler/*)
	@command -v npm >/dev/null || { echo 'There is no npm: install Node.js 20.9 or later (Debian: apt-get install nodejs npm).' >&2; exit 1; }
	cd clients/typescript && npm ci --silent && npm run --silent build
	cd examples/next && npm ci --silent && touch node_modules/.package-lock.json

.PHONY: help run test e2e test-postgres adoption bench soak lint openapi pictures typescript description format lock clean
