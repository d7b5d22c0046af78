# The front door. Each target does all its own set-up; meson does the building.
#
#   make run     build, boot the kernel in QEMU on real firmware tables
#   make test    the whole suite, all ports          make test T=name  one test
#   make bench   peers side by side             make bench CASE='pair.*'
#   make coverage, fuzz, soak, sim, tidy, clang, clean
#
# ARCH=x86_64, QEMU_ARGS="..." and APPEND="..." pass through to make run;
# EXTRA=DIR links the kernel modules of DIR in (docs/kernel-code.md).

ARCH ?= x86_64
B := build
J := $(shell nproc)

.PHONY: all run test bench coverage fuzz soak sim tidy clang setup clean install

all: setup
	@ninja -C $(B)

setup:
	@tools/build/setup build
	@test -f $(B)/build.ninja || out=$$(meson setup $(B) 2>&1) || \
		{ echo "$$out"; exit 1; }

run: setup
	@tools/build/setup run
ifneq ($(EXTRA),)
	@ninja -C $(B) kcheck-kernel
	@APPEND="$(APPEND)" QEMU_ARGS="$(QEMU_ARGS)" \
		python3 tools/kcheck/extra.py --build $(B) $(EXTRA)
else
	@ninja -C $(B) octavo-$(ARCH).bzImage
	@ARCH=$(ARCH) PAE=$(PAE) QEMU_ARGS="$(QEMU_ARGS)" APPEND="$(APPEND)" \
		tools/run-qemu
endif

# Ends with "N passed, N failed, N skipped" alone on a line.
test: setup
	@tools/build/setup test
	@tests/run $(B) $(T)

# QUICK=1 takes few short runs: to see that it works.
bench: setup
	@tools/build/setup bench
	@ninja -C $(B)
	@set -f; python3 bench/run.py --build $(B) --out $(B)/bench/results.json \
		$(if $(QUICK),--quick) $(CASE)

# Line, branch and MC/DC coverage of the core, with clang 19.
coverage:
	@tools/build/setup coverage
	@tests/coverage/run $(B)-cov

# Long fuzzing and soak runs; the suite holds a short slice of each. OPS=N
# makes so many page calls instead of running for so many seconds. The soak
# begins with real programs on liboctavo-malloc.so, whose work is fixed.
fuzz:
	@tools/build/setup coverage
	@tests/fuzz/run $(B)-fuzz $(or $(SECONDS),60)

soak: setup
	@tools/build/setup test
	@ninja -C $(B)
	@python3 tests/malloc/real.py $(B) --all
	@tests/model/soak $(B) $(or $(SECONDS),600) $(OPS)
	@$(B)/tests/exhaustive/exhaustive-slab-host --hotplug 1

# Pages, objects, kernel addresses and mappings on simulated CPUs
# (docs/simulation.md): new seeds for SECONDS, or N of them from SEED on, and
# all pairs of calls.
SIMS = sim sim-objects sim-va sim-vm
sim: setup
	@ninja -C $(B) $(SIMS:%=tests/sim/%-host-sim)
	@for sim in $(SIMS:%=$(B)/tests/sim/%-host-sim); do \
		$$sim --seed $(or $(SEED),$$(date +%s)000000) \
			$(if $(N),--schedules $(N),--seconds $(or $(SECONDS),60)) && \
		$$sim --policy pairs || exit 1; \
	done

# The other compiler with the hosted tests, and clang-tidy with the project's
# configuration.
clang:
	@tools/build/setup coverage
	@test -f $(B)-clang/build.ninja || CC=clang-19 meson setup $(B)-clang >/dev/null
	@ninja -C $(B)-clang
	@meson test -C $(B)-clang --no-rebuild --print-errorlogs \
		--num-processes $(J) --suite unit --suite unit-models \
		--suite model --suite death --suite host --suite fuzz

tidy: setup
	@tools/build/setup tidy
	@tests/house/tidy $(B)

# DESTDIR= for packages; PREFIX= is where it will lie, /usr/local by default.
install: all
	@$(if $(PREFIX),meson configure $(B) --prefix $(PREFIX))
	@DESTDIR=$(DESTDIR) meson install -C $(B)

clean:
	@rm -rf $(B) $(B)-cov $(B)-fuzz $(B)-clang
