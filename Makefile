# make run    dựng và chạy ngày hội mẫu tại http://127.0.0.1:5000 (PORT=… để đổi cổng)
# make demo   dựng lại ngày hội mẫu cho hôm nay
# make start  chạy ngày hội thật; lần đầu là cơ sở dữ liệu trống
# make test   mọi bài kiểm tra
# make check  kiểu mã, kiểu dữ liệu, các tầng, rồi mọi bài kiểm tra
# make bench  đo tốc độ         make faults  các bài kiểm tra sự cố dài
# make attack thử tấn công một ngày hội mẫu trên máy này (SEED=…, ARGS=…)
# make api    thử API bằng những yêu cầu lạ làm từ chính bản mô tả của nó (EXAMPLES=, SEED=)
# make faults-known  các gói đã khóa có lỗi đã biết không (KNOWN_FAULTS=tệp của osv.dev)
# make bill   danh sách các gói của bản này (CycloneDX): build/bill.cdx.json
# make lock   viết lại các tệp khóa phiên bản

SHELL := /bin/sh
PY := .venv/bin/python
# Headings are drawn by macros (H015, H020, H043); the others are answered in pyproject.toml.
DJLINT_OFF := H006,H015,H017,H020,H021,H023,H029,H030,H031,H037,H043,T028,T001,T003,J018,J004
# ruff's S rules look at these line by line, each exception with its reason beside it.
BANDIT_OFF := B101,B603,B608,B704
CORES := $(shell nproc 2>/dev/null || echo 2)
# One more than the cores: a test that waits for a browser or a timer leaves its core to another.
HANDS := $(shell echo $$(( $(CORES) + 1 )))
# What the tests compile is kept for the next run, whatever this shell says.
unexport PYTHONDONTWRITEBYTECODE
ifdef PORT
export FESTIVAL_PORT := $(PORT)
endif

.PHONY: run start demo test check lint bench faults attack api faults-known bill lock setup setup-dev clean
.DEFAULT_GOAL := run

run: setup
	@FESTIVAL_DEMO=yes exec $(PY) -m flask --app app serve

start: setup
	@exec $(PY) -m flask --app app serve

demo: setup
	@FESTIVAL_DEMO=yes exec $(PY) -m flask --app app demo --anew

setup:
	@sh scripts/setup.sh runtime

setup-dev:
	@sh scripts/setup.sh dev

# The budget stands in CONTRIBUTING.md.
test: setup-dev
	@began=$$(date +%s); ended=0; \
	$(PY) -m pytest -q -n $(HANDS) --dist worksteal $(ARGS) || ended=$$?; \
	took=$$(($$(date +%s) - began)); \
	printf 'make test: %d min %02d s, %d cores; budget: 20 min on 2 cores\n' $$((took / 60)) $$((took % 60)) $(CORES); \
	exit $$ended

lint: setup-dev
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check app.py config.py festival tests benchmarks deploy migrations/env.py
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/mypy --no-error-summary --config-file tests/mypy.ini -p tests
	@.venv/bin/lint-imports --no-cache >/dev/null || .venv/bin/lint-imports --no-cache
	@.venv/bin/djlint templates --lint --quiet --ignore $(DJLINT_OFF)
	@.venv/bin/bandit -q -ll -r festival app.py config.py -c pyproject.toml --skip $(BANDIT_OFF)

check: lint faults-known api test

api: setup-dev
	@$(PY) tests/faults/strange_api.py

faults-known: setup-dev
	@$(PY) scripts/known_faults.py

bill:
	@python3 scripts/bill.py build/bill.cdx.json

bench: setup-dev
	@$(PY) -m benchmarks

faults: setup-dev
	@$(PY) -m pytest -q -s -m faults $(ARGS)

attack: setup-dev
	@SEED=$(SEED) $(PY) tests/faults/attack.py $(ARGS)

lock:
	@sh scripts/lock.sh

clean:
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis static/vendor build node_modules
