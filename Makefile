# The one entrance for developers. Needs Python 3.11 or later and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PICTURE := build/luoshenfu.svg

.PHONY: start test lint bench docs

start: .venv/.base  ## decode the whole of 洛神赋, and draw it
	$(BIN)/luoshen decode examples/luoshenfu.txt --picture $(PICTURE)
	@echo "The picture is at $(CURDIR)/$(PICTURE) · 图在 $(CURDIR)/$(PICTURE)"

test: lint  ## everything that a change must pass
	$(BIN)/pytest

lint: .venv/.dev  ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: .venv/.train  ## the evaluators; of the decoder too with FOLDS=folder CORPUS=corpus.jsonl
	$(BIN)/python evaluate/prosody.py
	$(BIN)/python evaluate/speed.py
	$(if $(FOLDS),$(BIN)/python evaluate/quality.py $(FOLDS) $(CORPUS))

docs: .venv/.dev  ## the generated parts of the documentation
	$(BIN)/python docs/reference.py
	$(BIN)/python -m luoshen.genes.markdown docs/genes.md docs/genes.zh.md
	test ! -e src/luoshen/decode/model/figures.json || $(BIN)/python evaluate/card.py

# Modules are compiled when they are first used: half a minute and 100 MB less.
.venv/.base .venv/.dev: .venv/.%: requirements/%.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --quiet --no-compile --require-hashes -r $<
	$(PIP) install --quiet --no-compile --no-deps --editable .
	@touch $@

# Torch, for training and for the BERT that speed.py compares with.
.venv/.train: .venv/.dev
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	$(PIP) install --quiet --group train
	@touch $@
