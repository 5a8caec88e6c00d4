# Two commands for a newcomer: `make demo` and `make test`. Each makes its own .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Four workers read three hundred test files: with bytecode kept they need not compile each of them anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo week year kill faults crash replicas bench test check format clean

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Attaché needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12 demo"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing. On Debian: sudo apt-get install -y python3-venv"; exit 1; }
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY)  ## the service and the sandbox: three phones on one web page
	@$(BIN)/attache demo

week: $(READY)  ## a week with 20 simulated officials, and its table
	@$(BIN)/attache demo --headless --learners 20 --days 7

year: $(READY)  ## a simulated year of 2,000 people, judged by an oracle of its own; about three minutes
	@$(BIN)/python -m tests.year

kill: $(READY)  ## 200 times kill -9 on each engine by polling and webhook, and a ledger; about an hour
	@$(BIN)/python -m tests.kill

faults: $(READY)  ## Telegram, disk, database and replicas fail one after the other under load; about twenty minutes
	@$(BIN)/python -m tests.faults

crash: $(READY)  ## dies at every boundary and every pair of them on SQLite, at 1,000 pairs on PostgreSQL; about half an hour
	@$(BIN)/python -m tests.crash --engine sqlite
	@$(BIN)/python -m tests.crash --engine postgres --sample 1000

replicas: $(READY)  ## three replicas on PostgreSQL, a broadcast to 10,000 and other people's taps beside it; about eleven minutes
	@$(BIN)/python -m tests.replicas

bench: $(READY)  ## what the ladder leaves in memory, planning among a million, screens of 10,000, and speed beside peers
	@$(BIN)/python -m tests.bench.learning
	@$(BIN)/python -m tests.bench.planning
	@$(BIN)/python -m tests.bench.desk
	@$(BIN)/python -m tests.bench.speed

test: $(READY)  ## every test, on more workers than cores: most of a test is waiting for a clock, a socket or a disk
	@$(BIN)/python -m pytest tests -n 4 --dist worksteal

check: $(READY)  ## static checks and the quick tests, under a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/attache check
	@$(BIN)/python -m pytest tests -m "not slow" -n 3 --dist worksteal --hypothesis-profile quick

format: $(READY)  ## let ruff put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:  ## remove everything that was generated
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
