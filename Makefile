# make run    dựng và chạy ngày hội tại http://127.0.0.1:5000 (PORT=… để đổi cổng)
# make test   mọi bài kiểm tra
# make check  kiểu mã, kiểu dữ liệu, các tầng, rồi mọi bài kiểm tra
# make bench  đo tốc độ         make faults  các bài kiểm tra sự cố dài
# make lock   viết lại các tệp khóa phiên bản

SHELL := /bin/sh
PY := .venv/bin/python
CORES := $(shell nproc 2>/dev/null || echo 2)
ifdef PORT
export FESTIVAL_PORT := $(PORT)
endif

.PHONY: run test check lint bench faults lock setup setup-dev clean
.DEFAULT_GOAL := run

run: setup
	@exec $(PY) -m flask --app app serve

setup:
	@sh scripts/setup.sh runtime

setup-dev:
	@sh scripts/setup.sh dev

test: setup-dev
	@$(PY) -m pytest -q -n $(CORES) --dist worksteal $(ARGS)

lint: setup-dev
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/djlint templates --check --lint --quiet
	@.venv/bin/bandit -q -r festival app.py config.py -c pyproject.toml

check: lint test

bench: setup-dev
	@$(PY) -m benchmarks

faults: setup-dev
	@$(PY) -m pytest -q tests/faults -m "faults or not faults" $(ARGS)

lock:
	@sh scripts/lock.sh

clean:
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis static/vendor node_modules
