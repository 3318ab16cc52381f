# make demo   see it        make test   prove it
.PHONY: help install install-dev demo test check format soak bench lock
help:
	@echo "make demo     start the sandbox and the app, print one link"
	@echo "make test     set up and run the tests"
	@echo "make check    format, lint, types, contracts, sizes"
	@echo "make install  set up; .venv/bin/nudger works afterwards"
	@echo "make soak     long reliability tests;  make bench  benchmarks;  make lock  renew the locks"

install:
	@.ci/setup requirements.lock

install-dev:
	@.ci/setup requirements-dev.lock

demo: install
	@.venv/bin/nudger demo

test: install-dev
	@.venv/bin/python -m pytest -n 2 --dist worksteal tests

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
	@NUDGER_SOAK=1 .venv/bin/python -m pytest -m slow --timeout 7200 tests/acceptance/test_kill_loop.py tests/domain/test_loading_mutants.py tests/simulation/test_faults.py tests/domain/test_all_zones.py tests/services/test_backup.py

bench: install-dev
	@.venv/bin/python -m tests.bench

lock:
	@uv pip compile -q pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements.lock
	@uv pip compile -q pyproject.toml --extra build --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements-dev.lock
