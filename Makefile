# Short names for do.py, which does the work and needs no make.
PYTHON ?= python3

.PHONY: run test lint
run:
	$(PYTHON) do.py run
test:
	$(PYTHON) do.py test
lint:
	$(PYTHON) do.py lint
