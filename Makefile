# `make demo` shows it, `make test` proves it. Both do everything, on a fresh machine too.
.PHONY: demo test lint bench build guests setup clean

# One configuration for all: other flags would compile everything again.
swift_build := swift build -c release --product
swift_test := swift test -c release --disable-testable-imports

demo: build guests
	@examples/cohort-regression/demo

test: build guests
	@scripts/guests Tests/HostileTests/Guests
	@$(swift_test)
	@python3 -B -m unittest discover --start-directory Guests/Tests
	@python3 -B -m unittest discover --start-directory examples/cohort-regression

lint:
	@swift format lint --strict --recursive Sources Tests examples Guests Package.swift
	@scripts/lint-documentation Sources

# Minutes, not seconds, and figures of this machine: not a part of the tests.
bench: build guests
	@scripts/guests Benchmarks
	@$(swift_build) evidence-benchmark
	@python3 Benchmarks/run.py --write

build: setup
	@$(swift_build) 2cvm
	@$(swift_build) 2cvm-worker
	@$(swift_build) 2cvm-agent
	@$(swift_build) 2cvm-agent-simulated

guests: setup
	@scripts/guests

setup:
	@scripts/setup

clean:
	@rm -rf .build .deps
