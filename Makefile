# Everything here sets itself up in .venv; a fresh machine needs Python 3.11+ and nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo app test test-hosts plugins lint setup texts package archive test-package clean

setup: .venv/.installed

.venv/.runtime: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. If there is one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.app: .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[gui]"
	touch $@

.venv/.installed: .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[gui,dev]"
	touch $@

demo: .venv/.runtime
	$(BIN)/resshift upscale resources/samples/*.jpg -o demo-result --overwrite
	@echo "The results are in demo-result/."

TRANSLATIONS := $(wildcard resources/i18n/*.ts)

app: .venv/.app $(TRANSLATIONS:.ts=.qm)
	$(BIN)/resshift-desktop

%.qm: %.ts .venv/.app
	$(BIN)/pyside6-lrelease -silent $< -qm $@

# New texts of the windows into the files for translators.
texts: .venv/.app
	$(BIN)/pyside6-lupdate -extensions py -locations none -no-obsolete resshift_desktop/gui -ts $(TRANSLATIONS)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

test: lint
	.ci/system_packages
	$(BIN)/python -m pytest

# To be installed by hand, where `resshift plugins install` is not wanted.
plugins: .venv/.runtime
	$(BIN)/python -m resshift_desktop.editors.bundle dist

# In the real GIMP and Krita. Their system is kept in ~/.cache/resshift-hosts (or $RESSHIFT_HOSTS_CACHE).
test-hosts: setup
	.ci/system_packages hosts
	$(BIN)/python -m tests.hosts.prepare
	$(BIN)/python -m pytest tests/hosts

# The packaged app: dist/ResShift, for the CPU, or with CUDA=1 for NVIDIA GPUs. See docs/packaging.md.
.venv/.package: .venv/.app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[gui,package]"
	touch $@

package: .venv/.package $(TRANSLATIONS:.ts=.qm)
	$(BIN)/pyinstaller --noconfirm --log-level WARN build_app.spec $(if $(CUDA),-- --cuda)
	$(BIN)/python packaging/size_report.py dist/ResShift

# What is handed out for Linux; the tightest compression, which takes minutes.
archive:
	packaging/linux/make_archive.sh

# Starts what `make package` has built.
test-package: setup
	.ci/system_packages
	$(BIN)/python -m pytest --override-ini addopts="-q -ra" tests/frozen

clean:
	rm -rf .venv build dist demo-result .pytest_cache .ruff_cache
