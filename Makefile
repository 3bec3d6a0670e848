# make report   builds the site into outputs/            ARGS="--preset quick" is passed on to `reportgen build`
# make test     runs every check and every test          ARGS="-k layers" is passed on to pytest
# make bench    measures how fast all of it is, in some minutes   ARGS="propagation figures" chooses, see benchmarks/
# make soak     tries thousands of generated inputs, plug-ins, damaged files and interrupts
# make coverage runs the tests too, and says at the end which lines and branches no test has run
# make clean    removes the site, the cache and .venv
#
# They set up .venv as far as it is missing, from nothing but Python 3.11 or newer with its venv module.
# PYTHON=python3.12 asks for a particular one.

SHELL := /bin/sh
.DEFAULT_GOAL := report
.DELETE_ON_ERROR:
.PHONY: report test bench soak coverage check oracle lock dist clean

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install
CANDIDATES := python3 python3.15 python3.14 python3.13 python3.12 python3.11
TORCH := torch==2.13.0+cpu
GOAL = $(shell sed -n 's/^fail_under = \([0-9]*\).*/\1/p' pyproject.toml)

# One stamp per PYTHON that is asked for, so that asking for another one is noticed.
STAMP := .venv/.ready$(addprefix -,$(subst /,-,$(lastword $(PYTHON))))
REPORT_READY := $(STAMP)-report
TEST_READY := $(STAMP)-test

report: $(REPORT_READY)
	@$(BIN)/python -m reportgen build $(ARGS)

test: check
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# With PyTorch to compare with; what needs it is left out where it cannot be had.
bench: $(REPORT_READY)
	@$(PIP) '$(TORCH)' || echo 'Without PyTorch nothing is compared with it.'
	@$(BIN)/python -m benchmarks $(ARGS)

# All generated cases of tests/soak, of which `make test` runs a tenth. SOAK_SEED=1 makes other ones.
soak: $(TEST_READY)
	@SOAK=1 $(BIN)/python -m pytest -n auto --dist worksteal tests/soak $(ARGS)

# The files below the goal and the whole are listed; a whole below the goal fails.
coverage: check
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n auto --dist worksteal $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under 0 | awk '/^Name/ || /^TOTAL/ || $$NF ~ /%/ && $$NF + 0 < $(GOAL)'
	@$(BIN)/coverage report --format total >/dev/null || { echo 'The goal is $(GOAL) %.'; exit 1; }

check: $(TEST_READY)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary

# PyTorch, as a second implementation for the tests to compare with. The exact local version exists as a CPU build only,
# so that gigabytes of CUDA can never come instead; an index that has it comes from pip's own configuration.
oracle: $(TEST_READY)
	@$(PIP) '$(TORCH)'

# The pins, refreshed with uv.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml
lock:
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group dev --extra dask --extra parquet --constraint requirements.lock --output-file requirements-dev.lock

dist: $(TEST_READY)
	@$(BIN)/python -m build --no-isolation

clean:
	-@if [ -x $(BIN)/reportgen ]; then $(BIN)/python -m reportgen clean; fi
	@rm -rf .venv .reportgen-cache build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

# Wheels only: what builds a package from source would be fetched without a hash.
$(REPORT_READY): requirements.lock pyproject.toml
	@$(USABLE_VENV)
	@echo 'Installing the exact versions of requirements.lock into .venv ...'
	@$(PIP) --require-hashes --only-binary :all: --requirement requirements.lock
	@$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# Not wheels only: the newest Python may still lack one for a tool.
$(TEST_READY): requirements-dev.lock $(REPORT_READY)
	@echo 'Installing the exact versions of requirements-dev.lock into .venv ...'
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

# Keeps a .venv that will do (recent, with pip, and of the version that was asked for) or makes one. Debian's Python can
# lack ensurepip, with which `python3 -m venv` would leave half a .venv behind.
define USABLE_VENV
fail() { echo "$$1" >&2; exit 1; }; \
version='import sys; print("%d.%d" % sys.version_info[:2])'; \
recent='import sys; sys.exit(sys.version_info < (3, 11))'; \
ours() { $(BIN)/python -c "import pip; $$1" 2>/dev/null; }; \
if [ -z "$(PYTHON)" ] && ours "$$recent"; then exit 0; fi; \
set -- $(if $(PYTHON),"$(PYTHON)",$(CANDIDATES)); \
for python in "$$@" ''; do "$$python" -c "$$recent" 2>/dev/null && break; done; \
[ "$$python" ] || fail "reportgen needs Python 3.11 or newer; $$1 is $$("$$1" --version 2>/dev/null || \
	echo missing). Name another one: make PYTHON=python3.12"; \
if [ "$$(ours "$$version")" = "$$("$$python" -c "$$version")" ]; then exit 0; fi; \
"$$python" -c 'import ensurepip, venv' 2>/dev/null || \
	fail "$$python has no venv module. Install it first; on Debian and Ubuntu: apt install python3-venv"; \
"$$python" -m venv --clear .venv || { rm -rf .venv; exit 1; }
endef
