# The commands of this project. A machine needs Python 3.11 or newer, make and a package index.
PYTHON ?= python3
UV_VERSION := 0.13.8
TOOLS := .uv
UV := $(TOOLS)/bin/uv
BIN := .venv/bin
ENVIRONMENT := .venv/.locked
SPARK := .venv/.spark
SUPERSET := .superset

# Bytecode is compiled once, at installation: the first import is five times faster.
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
export GX_ANALYTICS_ENABLED := False
export DO_NOT_TRACK := 1

# A session of Spark for a small programme: few partitions, and Java compiles for a short life.
SMALL := PARTNER_SCORING_SPARK_PARTITIONS=2 \
	JAVA_TOOL_OPTIONS="-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m"

.DEFAULT_GOAL := help
.PHONY: help environment run ui test test-slow test-browser test-postgres superset test-superset lint types check catalogue bench parity parity-small \
	parity-cluster parity-connect parity-thrift test-spark clean

help: ## what there is
	@grep -hE '^[a-z -]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | column -t -s '|'

environment: $(ENVIRONMENT) ## the environment from the lock file

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..."; exit 2; }
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(ENVIRONMENT): $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

$(SPARK): $(ENVIRONMENT)
	$(UV) sync --frozen --quiet --python $(PYTHON) --group spark
	@touch $@

run: $(ENVIRONMENT) ## sample data if there is none, the whole pipeline, a release
	@[ -n "$$(ls -A $${PARTNER_SCORING_LANDING:-landing} 2>/dev/null)" ] || $(BIN)/partner-scoring sample
	@$(BIN)/partner-scoring run

ui: $(ENVIRONMENT) ## Dagster, with the last runs
	@$(BIN)/partner-scoring ui

test: $(ENVIRONMENT) ## the tests that every change must pass
	$(BIN)/pytest -m "not slow and not browser and not postgres and not superset" -n auto --dist loadfile \
		--no-loadscope-reorder

test-slow: $(ENVIRONMENT) ## the long ones: kills, floods, runs that build again, what-if beside the reference
	$(BIN)/pytest -m "slow and not spark and not browser and not postgres and not superset" -n auto --dist loadfile \
		--no-loadscope-reorder

test-browser test-postgres: test-%: $(ENVIRONMENT) ## the tests in headless Chromium, and against PostgreSQL
	$(BIN)/pytest -m $*

# A program of its own, with its own versions of what the project uses too (docs/bi.md).
$(SUPERSET)/.locked: $(UV) dashboard/superset/requirements.txt
	$(UV) venv --quiet --clear --python $(PYTHON) $(SUPERSET)
	$(UV) pip sync --quiet --python $(SUPERSET)/bin/python dashboard/superset/requirements.txt
	@touch $@

superset: $(SUPERSET)/.locked ## Apache Superset over the served release, with its dashboard
	@$(SUPERSET)/bin/python dashboard/superset/serve.py --home $(SUPERSET)/home \
		--warehouse $${PARTNER_SCORING_WAREHOUSE:-warehouse}

test-superset: $(ENVIRONMENT) $(SUPERSET)/.locked ## Superset over a release, in headless Chromium, also while releases change
	$(BIN)/pytest -m superset

lint: $(ENVIRONMENT) ## style of Python, SQL and the dbt project
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 0 --disable-progress-bar models tests/dbt
	$(BIN)/python -m parity.portability
	DBT_PROFILES_DIR=. $(BIN)/dbt --quiet parse --target-path target
	$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml

types: $(ENVIRONMENT) ## types of Python
	$(BIN)/mypy

check: lint types test ## everything that must be green before a commit

catalogue: $(ENVIRONMENT) ## docs/catalogue anew, from registry, contracts and policy
	$(BIN)/python -m orchestration.catalogue

bench: $(ENVIRONMENT) ## what landing and millions of activities cost, beside a scan and Polars
	$(BIN)/python -m benchmarks.landing
	$(BIN)/python -m benchmarks.scale --json benchmarks.json

parity: $(SPARK) ## the sample programme on DuckDB and on Spark, compared cell by cell
	$(BIN)/python -m parity --json parity.json

parity-small: $(SPARK) ## the same with a small programme, in some minutes
	$(SMALL) $(BIN)/python -m parity --partners 20 --weeks 30 --days 1

parity-cluster: $(SPARK) ## the same on a cluster of one master and two workers on this machine
	$(BIN)/python -m parity.cluster --partners 60 --weeks 52

parity-connect parity-thrift: parity-%: $(SPARK) ## the same through a server of Spark on this machine
	$(SMALL) $(BIN)/python -m parity.servers $* --partners 20 --weeks 30

test-spark: $(SPARK) ## the tests that need Spark: macros on both engines, a run of the pipeline
	$(SMALL) $(BIN)/pytest -m spark tests/python

clean: ## remove what runs made (landing folder and warehouse stay)
	rm -rf target logs .pytest_cache .mypy_cache .ruff_cache
