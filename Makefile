# serspec: `make demo` shows what it does, `make test` shows that it does it right.

PREFIX ?= /usr/local
SERSPEC = .build/release/serspec
BUILD = swift build -c release

.PHONY: all demo test test-slurm test-trackers fuzz bench bench-features grammar lint format install libraries test-faults

all: libraries
	$(BUILD) --product serspec

libraries:
	@scripts/install-libraries.sh

# Trains the combined model on synthesized speech. A run that is already there is made anew.
demo: all
	$(SERSPEC) run specs/combined-varlen.yaml --corpus demo --epochs 8 --force

# Release only: the numeric loops are far too slow without optimisation, and one build serves tests and program.
test: libraries
	$(BUILD) --build-tests
	swift test -c release --skip-build

# A sweep as a job array on a real Slurm, on the loopback interface: needs root, slurm-wlm and munge.
test-slurm: all
	scripts/test-slurm.sh

# What `track` writes, read by TensorBoard, `wandb sync` and MLflow: needs a Python that has them, TRACKERS_PYTHON or python3.
test-trackers: all
	TRACKERS_PYTHON="$(TRACKERS_PYTHON)" scripts/test-trackers.sh

# Failing writes, a full disk, flipped bits and SIGKILLs: needs strace and, for the full disk, root. Half an hour;
# FAULT_PARTS, FAULT_FLIPS and FAULT_KILLS choose less: see scripts/test-faults.sh.
test-faults: all
	scripts/test-faults.sh

# Looks for texts that crash or hang `validate`: a minute here, FUZZ_SECONDS=3600 at night.
fuzz: libraries
	FUZZ_SECONDS="$(or $(FUZZ_SECONDS),60)" scripts/fuzz.sh

# Measures the report's models; with BENCH_PYTHON=python3 (that has torch) beside PyTorch, in turn, which writes
# docs/benchmarks.md. MODELS, VARIANTS, ROUNDS, STEPS and THREADS choose a part: see scripts/bench.sh.
bench: all
	BENCH_PYTHON="$(BENCH_PYTHON)" scripts/bench.sh

# Measures the report's two features on one core beside librosa, torchaudio and scikit-image: writes docs/benchmarks-features.md.
bench-features: all
	BENCH_PYTHON="$(BENCH_PYTHON)" scripts/bench-features.sh

# The language's definition, from the tables that decode specs; a test fails where the files are not what this makes.
grammar: all
	$(SERSPEC) schema >grammar/serspec.schema.json
	$(SERSPEC) schema --corpus >grammar/corpus.schema.json
	$(SERSPEC) schema --ebnf >grammar/serspec.ebnf

lint:
	swift format lint --strict --recursive Sources Tests Fuzz Package.swift

format:
	swift format --in-place --recursive Sources Tests Fuzz Package.swift

install: all
	install -D $(SERSPEC) $(DESTDIR)$(PREFIX)/bin/serspec
	mkdir -p $(DESTDIR)$(PREFIX)/share/serspec
	cp -r specs $(DESTDIR)$(PREFIX)/share/serspec/
