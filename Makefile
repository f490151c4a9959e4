# `make demo` shows it, `make test` proves it. Both do everything, on a fresh machine too.
.PHONY: demo cheat shared-customers questions private-model test library soak fuzz sanitize assurance format \
	lint bench bench-vm build guests runtimes sql setup clean image image-python wheel python-reference test-python test-vm \
	test-slurm demo-vm test-image-reproducible install release

# One configuration for all: other flags would compile everything again.
swift_build := swift build -c release --product
# Two at a time: all at once, each of them waits for all the others, and its own deadline passes meanwhile.
swift_test := swift test -c release --disable-testable-imports --experimental-maximum-parallelization-width 2

demo: build guests sql
	@$(swift_build) 2cvm-agent-simulated
	@$(swift_build) hostile-participant
	@examples/cohort-regression/demo
	@python3 -B examples/shared-customers/questions.py

cheat: build guests
	@examples/cohort-regression/cheat

# Two banks, one query, and a bank that cheats: a rehearsal on this machine, then a session.
shared-customers: build sql
	@$(swift_build) 2cvm-agent-simulated
	@$(swift_build) hostile-participant
	@python3 -B examples/shared-customers/rehearsal.py
	@python3 -B examples/shared-customers/session.py

# The same two banks, an analyst who asks four times, and two who read each question and each answer.
questions: build sql
	@$(swift_build) 2cvm-agent-simulated
	@python3 -B examples/shared-customers/questions.py

# A model that stays its owner's, patients that stay their clinic's, and an owner that cheats. Compiles the runtime once.
private-model: build runtimes
	@TWOCVM_RUNTIMES=$(CURDIR)/.build/runtimes/installed python3 -B examples/private-model/rehearsal.py
	@TWOCVM_RUNTIMES=$(CURDIR)/.build/runtimes/installed python3 -B examples/private-model/sealed.py

# The Python package with the programs in it, its digest, and whether it runs in an empty environment.
wheel: sql
	@scripts/wheel

# The reference of the Python package.
python-reference:
	@scripts/python-reference

# The Python package, its page and three notebooks, on the Pythons that are here.
test-python: build sql
	@scripts/test --package

test: build guests
	@scripts/setup --tests
	@scripts/guests Tests/HostileTests/Guests
	@scripts/adapter >/dev/null
	@scripts/runtimes >/dev/null || [ $$? -eq 3 ]
	@scripts/python-runtime >/dev/null || [ $$? -eq 3 ]
	@scripts/test $(swift_test)

# A package of another's that builds on this one, and the documentation of what it imports.
library: build
	@scripts/library

# Mixed load on one agent: five minutes, or SOAK_SECONDS.
soak: build guests
	@$(swift_build) 2cvm-agent-simulated
	@python3 -B Tests/Soak/withstand.py
	@python3 -B Tests/Soak/soak.py --seconds $${SOAK_SECONDS:-300}

# What decodes others' bytes, with inputs that libFuzzer makes: all targets or TARGET, SECONDS each.
fuzz: build
	@nice -n 19 scripts/fuzz --seconds $(or $(SECONDS),10) $(TARGET)

# C under AddressSanitizer and UndefinedBehaviorSanitizer, Swift under ThreadSanitizer: all parts or PART, SECONDS for
# each shim. The part `threads` compiles everything once more.
sanitize: build guests sql
	@$(swift_build) wall-probe
	@scripts/sanitize --seconds $(or $(SECONDS),10) $(PART)

# What is drawn is drawn from another seed each time, and adds to what a log has.
another_part = TWOCVM_SEED=$$(($$(cat .build/campaign/$(1).log 2>/dev/null | grep -c held) + 1))
models := python3 -B -m unittest discover --start-directory Tests/Models

# All of docs/ASSURANCE.md but the checks that are removed, which takes a copy of this folder: SECONDS for each target.
assurance: fuzz sanitize guests
	@$(swift_build) 2cvm-agent-simulated
	@mkdir -p .build/campaign
	@scripts/oracles
	@TWOCVM_EXPLORE_RUNS=3 TWOCVM_EXPLORE_MACHINES=2 $(swift_test) --filter 'ExplorationTests|PeersTests' | \
		tee .build/campaign/states.log
	@$(call another_part,compositions) TWOCVM_COMPOSITIONS=1000 $(models) --pattern test_compositions.py \
		-k another_secret 2>&1 | tee -a .build/campaign/compositions.log
	@$(call another_part,sealed) TWOCVM_SEALED=100 $(models) --pattern test_sealed_compositions.py \
		-k another_secret 2>&1 | tee -a .build/campaign/sealed.log
	@$(call another_part,plans) TWOCVM_PLANS=20 $(models) --pattern test_sealed_plans.py \
		-k another_secret 2>&1 | tee -a .build/campaign/plans.log
	@scripts/assurance

# Swift, C and Python, as they should stand.
format:
	@scripts/format

lint:
	@scripts/format --check
	@scripts/lint-documentation Sources

# Minutes, not seconds, and figures of this machine: not a part of the tests.
bench: build guests
	@scripts/guests Benchmarks
	@scripts/guests Tests/HostileTests/Guests
	@scripts/runtimes >/dev/null
	@scripts/python-runtime >/dev/null
	@$(swift_build) evidence-benchmark
	@$(swift_build) peers-benchmark
	@$(swift_build) receipts-benchmark
	@$(swift_build) sealing-benchmark
	@$(swift_build) gate-benchmark
	@$(swift_build) compute-benchmark
	@$(swift_build) agent-benchmark
	@python3 -B Benchmarks/run.py --write

# What the VM adds, interpreted where there is no SEV-SNP.
bench-vm: image guests
	@scripts/image-binaries 2cvm-trial
	@$(swift_build) 2cvm-agent-simulated
	@$(swift_build) agent-benchmark
	@$(swift_build) compute-benchmark
	@scripts/guests Benchmarks
	@python3 -B Benchmarks/boot.py --write

build: setup
	@$(swift_build) 2cvm
	@$(swift_build) 2cvm-worker
	@$(swift_build) 2cvm-gate
	@$(swift_build) 2cvm-monitor
	@$(swift_build) 2cvm-agent
	@$(swift_build) 2cvm-agent-simulated

guests: setup
	@scripts/guests

# What people's queries and scripts run in, the same bytes for everyone: .build/runtimes/sql.wasm and python.
runtimes: sql
	@scripts/python-runtime

# The one for queries alone: the other takes a download of 98 MB.
sql: setup
	@scripts/runtimes

setup:
	@scripts/setup

# The VM's image, from the packages of image/packages.lock.json and programs that need no Swift.
image: setup
	@scripts/image-packages
	@scripts/image-binaries 2cvm-agent 2cvm-worker 2cvm-gate
	@$(swift_build) 2cvm
	@rm -rf .build-image/image
	@.build/release/2cvm image build --output .build-image/image

# A second, larger image, with the runtime of people's scripts in it.
image-python: image runtimes
	@TWOCVM_RUNTIMES=$(CURDIR)/.build/runtimes/installed .build/release/2cvm runtime list | grep -q '^python ' || \
		TWOCVM_RUNTIMES=$(CURDIR)/.build/runtimes/installed .build/release/2cvm runtime install
	@rm -rf .build-image/image-python
	@TWOCVM_RUNTIMES=$(CURDIR)/.build/runtimes/installed \
		.build/release/2cvm image build --output .build-image/image-python --runtime python

# In VMs without hardware, interpreted: minutes. With a runtime only where `make image-python` was run.
test-vm: image guests
	@scripts/guests Tests/HostileTests/Guests
	@scripts/image-binaries 2cvm-trial
	@$(swift_build) 2cvm-agent-simulated
	@python3 -B -m unittest discover --start-directory Tests/VM

# A plan of eight shards on three hosts with Slurm, which lose a task, a host and a link. Root; see CONTRIBUTING.md.
# What Slurm notices when is Slurm's: a run that waited in vain is made once more.
test-slurm: build guests
	@$(swift_build) 2cvm-agent-simulated
	@python3 -B -m unittest discover --start-directory Tests/Slurm || \
		python3 -B -m unittest discover --start-directory Tests/Slurm

# An ordinary VM from the image, with an emulated SNP device: everything works, nothing is protected.
demo-vm: image guests
	@scripts/image-binaries 2cvm-trial
	@$(swift_build) 2cvm-agent-simulated
	@$(swift_build) hostile-participant
	@examples/cohort-regression/demo-vm

# Builds everything of an image twice, in two folders: a quarter of an hour.
test-image-reproducible:
	@scripts/test-image-reproducible

PREFIX ?= /usr/local
install:
	@scripts/install "$(DESTDIR)$(PREFIX)"

# A tarball that runs on Debian 12 and Ubuntu 24.04 without Swift, and its digest.
release:
	@scripts/release

clean:
	@rm -rf .build .build-image .build-tsan .deps
