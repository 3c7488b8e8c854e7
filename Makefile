# The commands of this book. Everything they need is set up in .venv/ at the first call.
#
#   make site                   build both editions        -> _build/site/
#   make pdf                    set each edition as PDF and EPUB -> _build/paper/; 'make site' puts them onto the site
#   make test                   prove everything           (one test: make test ARGS="tests/test_cut.py -k twin")
#   make record [CHAPTER=lstm]  execute chapters again and record their outputs
#   make figures                draw the figures           -> book/images/
#   make publish [REMOTE=origin]  push the site to the branch that GitHub Pages serves
#   make matrix [CORNERS=newest]  run the chapters with the oldest and newest Python and TensorFlow
#   make links                  look whether the links that lead out of the site still lead somewhere
#   make serve [PORT=8000]      look at the site; it follows your changes
#   make lint                   check and format Python, in files and in notebooks
#   make audit [ARGS=ko/lstm]   measure every page: Lighthouse, axe, HTML, links (quicker: ARGS="--runs 1")
#   make benchmark              print how long things take; what training results chance moves (ARGS=seeds)
#   make requirements           refresh the versions in requirements.txt
#   make clean                  remove what was built

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
REMOTE ?= origin
ifneq ($(origin PYTHON), file)
export BOOK_PYTHON := $(PYTHON)
endif
run := .venv/bin/python

.PHONY: site pdf test record figures publish matrix links serve lint audit benchmark requirements clean prepare-site prepare-pdf prepare-figures prepare-test

site: prepare-site
	@$(run) tools/build.py

pdf: prepare-pdf
	@$(run) tools/paper.py

test: prepare-test
	@$(run) -m pytest --nbval -n auto -q $(ARGS)

record: prepare-test
	@$(run) tools/record.py $(CHAPTER)

figures: prepare-figures
	@$(run) -m figures

publish:
	@$(PYTHON) tools/publish.py $(REMOTE)

matrix: prepare-test
	@$(run) tools/matrix.py $(CORNERS)

links: prepare-test site
	@$(run) tools/links.py

serve: prepare-site
	@$(run) tools/serve.py $(PORT)

lint: prepare-test
	@$(run) -m ruff check --fix . && $(run) -m ruff format .

audit: prepare-test
	@$(run) tools/build.py && $(run) tools/audit.py $(ARGS)

benchmark: prepare-test
	@$(run) tools/benchmark.py $(ARGS)

requirements: prepare-test
	@$(run) -m uv pip compile --quiet --universal --python-version 3.10 --upgrade --no-header --generate-hashes \
		requirements.in -o requirements.txt

clean:
	rm -rf _build

prepare-pdf: prepare-site # what both need is in one group only

prepare-site prepare-pdf prepare-figures prepare-test: prepare-%:
	@$(PYTHON) tools/prepare.py $*
