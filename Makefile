# The commands of this book; `make` alone prints them. What a command needs is set up in .venv/ before it starts.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
REMOTE ?= origin
ifneq ($(origin PYTHON), file)
export BOOK_PYTHON := $(PYTHON)
endif
unexport PYTHONPATH # a yaml.py of one's own would be taken for the package
MAKEOVERRIDES := # what is asked of this make is not asked of those that it starts, as the benchmark does
unexport ARGS
run := .venv/bin/python
builder := $(run) -m builder
pytest := $(run) -m pytest -q -n auto --no-loadscope-reorder

.PHONY: help site serve pdf python cells check test prove record figures rules lint publish matrix links audit mutants benchmark requirements clean

help: ## print these lines
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

site: install-site ## build both editions -> _build/site/
	@$(builder) site

serve: install-site ## look at the site, which follows your changes (PORT=8000)
	@$(builder) serve $(PORT)

pdf: install-pdf ## set both editions as PDF and EPUB -> _build/pdf/; the next 'make site' offers them
	@$(builder) pdf

python: install-site ## make Python with Keras for the pages -> _build/python/; the next 'make site' lets cells run in them
	@$(builder) python

cells: install-site ## run every code cell in that Python -> live/run/cells.json, from which the pages know what runs
	@$(builder) cells $(ARGS)

# pytest plug-ins that nothing here uses take 0.4 s to load, in each worker
check: install-check ## look at a change of words, figures or programs, without TensorFlow (ARGS="-k twin")
	@$(builder) check && $(pytest) -p no:nbval -p no:anyio -p no:hypothesispytest -o addopts=--strict-markers --check -m "not (chapters or prove)" tests $(ARGS)

test: install-test ## prove everything that a change can break (ARGS="tests/site -k search")
	@$(builder) python
	@$(pytest) -m "not prove" --nbval -p nbval_strict $(ARGS)

prove: install-prove ## prove what a release needs: oldest and newest versions, kill points, every long test
	@$(builder) python
	@$(pytest) --nbval -p nbval_strict $(ARGS) && $(builder) matrix

record: install-record ## execute chapters again and record their outputs (CHAPTER=lstm)
	@$(builder) record $(CHAPTER)

figures: install-figures ## draw the figures -> book/images/
	@$(run) -m figures

rules: install-site ## print the rules that a chapter has to keep
	@$(builder) rules

lint: install-lint ## check the Python in files and notebooks, format the files
	@$(run) -m ruff check --fix . && $(run) -m ruff format .

publish: ## push the site to the branch that GitHub Pages serves (REMOTE=origin)
	@$(PYTHON) -m builder publish $(REMOTE)

matrix: install-test ## run the chapters with the oldest and newest Python and TensorFlow (ENTRIES=newest)
	@$(builder) matrix $(ENTRIES)

links: install-prove site ## try every link that leads out of the site
	@$(builder) links

audit: install-prove site ## measure every page: what readers meet, Lighthouse, axe, HTML, links (ARGS="--runs 1 ko/lstm")
	@$(builder) audit $(ARGS)

mutants: install-test ## change the chapters' code in one place at a time; do their outputs tell? (ARGS="lstm --kind index")
	@$(builder) mutants $(ARGS)

benchmark: install-test ## print how long things take (ARGS="site"), or how training results differ from seed to seed (ARGS=seeds)
	@$(builder) benchmark $(ARGS)

requirements: install-test ## refresh the versions in requirements.txt
	@$(builder) lock

clean: ## remove what was built
	rm -rf _build

install-%:
	@$(PYTHON) -m builder install $*
