# SPDX-License-Identifier: MIT
"""Start-up: of machines in a process, and of the kernel in QEMU."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys

import rows

GIB = 1 << 30
QEMU_SUCCESS = 33   # by isa-debug-exit, see arch/x86/kernel/reboot.c
INIT_GIB = 32       # RAM whose struct pages are all made: 256 MiB of them


def boot(build, *args):
    """The `machine` figures of one start."""
    done = subprocess.run([f"{build}/octavo", "boot", "--json",
                           "--seed", "1", *args], text=True,
                          capture_output=True, timeout=120, check=True)
    return json.loads(done.stdout)["machine"]


def memset_ns(build, size, threads):
    done = subprocess.run([f"{build}/bench/memset", str(size), str(threads)],
                          text=True, capture_output=True, timeout=120,
                          check=True)
    return int(done.stdout)


def kernel_boot(build, cpus, mem):
    """Figures of a start of the kernel in QEMU, from its log.

    Time stamps count from the kernel's entry, in the guest's time.
    """
    image = f"{build}/octavo-x86_64.bzImage"
    done = subprocess.run(
        ["qemu-system-x86_64", "-accel", "tcg", "-display", "none",
         "-no-reboot", "-monitor", "none", "-serial", "stdio", "-M", "q35",
         "-m", mem, "-smp", str(cpus),
         "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
         "-kernel", image,
         "-append", "console=ttyS0 tour"], stdin=subprocess.DEVNULL,
        text=True, errors="replace", capture_output=True, timeout=120)
    if done.returncode != QEMU_SUCCESS:
        sys.exit("bench: the kernel's tour failed in QEMU "
                 f"(status {done.returncode}):\n{done.stdout[-2000:]}"
                 f"{done.stderr}")

    def figure(pattern):
        found = re.search(pattern, done.stdout)
        if not found:
            sys.exit(f"bench: the kernel's log has no line /{pattern}/")
        return float(found.group(1))
    return {"to_tour": figure(r"\[ *(\d+\.\d+)\] tour: start"),
            "to_end": figure(r"\[ *(\d+\.\d+)\] tour: \d+ checks"),
            "reserved_kib": figure(r"Memory: .*\((\d+)K reserved")}


class Cases:
    """The cases of this file that are asked for, and their rows."""

    def __init__(self, runs, selected):
        self.runs = runs
        self.selected = selected
        self.rows = []

    def case(self, name, unit, target, measure, ratio_to=None):
        """Runs @measure; its median is to be at most @target (None: any)."""
        if not self.selected(name):
            return
        raw = [measure() for _ in range(self.runs)]
        self.rows.append(rows.median_row("boot", name, "octavo", unit, raw,
                                         wanted=target, ratio_to=ratio_to))


def boots(cases, build):
    cases.case("boot.64M.cpu", "ms", 1.0, lambda: boot(
        build, "--memory", "64M")["boot_cpu_ns"] / 1e6)
    large = ["--memory", "4T", "--nodes", "8", "--cpus", "512"]
    cases.case("boot.4T-8nodes-512cpus.cpu", "ms", 200.0,
               lambda: boot(build, *large)["boot_cpu_ns"] / 1e6)
    cases.case("boot.4T-8nodes-512cpus.held", "MiB", None,
               lambda: boot(build, *large)["resident_bytes"] / (1 << 20))
    cases.case("boot.memmap-share-of-ram", "%", 0.8, lambda: (
        lambda m: 100 * m["memmap_bytes"] / m["ram_bytes"])(
            boot(build, *large)))
    cases.case("boot.size-of-struct-page", "B", 32, lambda: boot(
        build, "--memory", "64M")["struct_page_bytes"])


def struct_pages(cases, build):
    """All struct pages made at once: the start with, less the one without."""
    size = INIT_GIB * GIB // 4096 * 32
    for cpus in (1, 2):
        machine = ["--memory", f"{INIT_GIB}G", "--cpus", str(cpus)]
        name = f"memmap.{INIT_GIB}G.t{cpus}"
        if not cases.selected(name):
            continue
        plain = statistics.median(
            boot(build, *machine)["boot_wall_ns"] for _ in range(3))
        ours, limit = [], []
        for _ in range(cases.runs):
            limit.append(memset_ns(build, size, cpus) / 1e6)
            ours.append((boot(build, *machine, "--eager")["boot_wall_ns"] -
                         plain) / 1e6)
        cases.rows += [
            rows.median_row("boot", name, "octavo", "ms", ours),
            rows.median_row("boot", name, "memset", "ms", limit),
            rows.ratio_row("boot", name, "octavo", ours, limit, "memset",
                           wanted=1.3)]


def kernels(cases, build):
    """The booted kernel."""
    cases.case("boot.kernel.to-tour", "s", 2.0, lambda: kernel_boot(
        build, 4, "4G")["to_tour"])
    cases.case("boot.kernel-64cpus.to-tour", "s", None, lambda: kernel_boot(
        build, 64, "4G")["to_tour"])
    cases.case("boot.kernel-64cpus.to-end", "s", 60.0,
               lambda: kernel_boot(build, 64, "4G")["to_end"])
    cases.case("boot.kernel.reserved", "MiB", None, lambda: kernel_boot(
        build, 4, "4G")["reserved_kib"] / 1024)


class Names(Cases):
    """Only the names of the cases."""

    def __init__(self):
        super().__init__(0, self.note)
        self.names = []

    def note(self, name):
        self.names.append(name)
        return False


def names(build):
    cases = Names()
    boots(cases, build)
    struct_pages(cases, build)
    kernels(cases, build)
    return cases.names


def kernel_runs(build):
    """Whether the kernel can be started here; says so if not."""
    image = f"{build}/octavo-x86_64.bzImage"
    missing = None
    if not shutil.which("qemu-system-x86_64"):
        missing = "qemu-system-x86_64"
    elif not os.path.exists(image):
        missing = image
    if missing:
        print(f"bench: boot.kernel is left out, no {missing}")
    return not missing


def run(build, args):
    """All rows of this file that @args selects."""
    if args.backend:
        return []
    cases = Cases(args.runs, args.selected)
    boots(cases, build)
    struct_pages(cases, build)
    if any(args.selected(n) for n in names(build) if "kernel" in n) and \
            kernel_runs(build):
        kernels(cases, build)
    return cases.rows
