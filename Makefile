# make demo   see it        make test   prove it
.PHONY: help install install-dev install-text learn-text demo test test-all test-postgresql check format soak bench lock
# What runs a second time, on PostgreSQL; tests/postgres, which is about PostgreSQL itself, runs in the first pass.
ON_POSTGRESQL = --database postgresql -o cache_dir=.pytest_cache/postgresql tests/store tests/services
help:
	@echo "make demo     start the sandbox and the app, print one link"
	@echo "make test     set up and run the tests"
	@echo "make check    format, lint, types, contracts, sizes"
	@echo "make install  set up; .venv/bin/nudger works afterwards"
	@echo "make install-text  the same with the model that reads by meaning;  make learn-text  fits it to the seed set"
	@echo "make soak     long reliability tests;  make bench  benchmarks;  make lock  renew the locks"

install:
	@.ci/setup requirements.lock

install-dev:
	@.ci/setup requirements-dev.lock

install-text:
	@.ci/setup requirements-text.lock

learn-text: install-dev install-text
	@.venv/bin/python -m tests.learn_text

demo: install
	@.venv/bin/nudger demo

test: test-all test-postgresql

test-all: install-dev
	@.venv/bin/python -m pytest -n 2 --dist worksteal tests

test-postgresql: install-dev
	@.venv/bin/python -m pytest -n 2 --dist worksteal $(ON_POSTGRESQL)

check: install-dev
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/python -m pytest -p no:cacheprovider tests/test_house.py -k longer

format: install-dev
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@.venv/bin/nudger schema --write

soak: install-dev
	@NUDGER_SOAK=1 .venv/bin/python -m pytest -m slow --timeout 7200 tests/acceptance/test_kill_loop.py tests/acceptance/test_failpoints.py tests/acceptance/test_one_leads.py tests/store/test_power_loss.py tests/store/test_wal_stress.py tests/services/test_at_size.py tests/domain/files/test_loading_mutants.py tests/simulation/test_faults.py tests/domain/times/test_all_zones.py tests/services/test_backup.py tests/postgres tests/store/test_migrations_killed.py tests/acceptance/test_crowd.py tests/work/test_worker.py
	@NUDGER_SOAK=1 .venv/bin/python -m pytest --timeout 7200 tests/services/test_races.py tests/services/test_forget_races.py tests/services/test_many_lost_answers.py tests/bot/test_redeliveries.py tests/services/test_edits_while_running.py tests/bot/test_lengths.py tests/acceptance/test_slow_database.py tests/services/test_long_outage.py tests/bot/test_swapped_ids.py tests/bot/test_swapped_people.py tests/bot/test_web_forged.py tests/privacy
	@NUDGER_SOAK=1 .venv/bin/python -m pytest -m slow --timeout 7200 tests/simulation/test_planted_bugs.py
	@.venv/bin/python -m tests.simulation.soak

bench: install-dev
	@.venv/bin/python -m tests.bench

lock:
	@uv pip compile -q pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements.lock
	@uv pip compile -q pyproject.toml --extra build --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements-dev.lock
	@uv pip compile -q pyproject.toml --extra build --extra text -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements-text.lock
