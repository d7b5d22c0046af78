#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measure what this project promises, against the promise.

usage: run.py --build DIR [--out FILE] [--runs N]

Each case is run N times and the median counts. Prints a table and writes the
same as JSON, with every single run. A case over its target is marked, and the
exit status is 1.
"""
import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys

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
    done = subprocess.run(
        ["qemu-system-x86_64", "-accel", "tcg", "-display", "none",
         "-no-reboot", "-monitor", "none", "-serial", "stdio", "-M", "q35",
         "-m", mem, "-smp", str(cpus),
         "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
         "-kernel", f"{build}/octavo-x86_64.bzImage",
         "-append", "console=ttyS0 tour"], stdin=subprocess.DEVNULL,
        text=True, errors="replace", capture_output=True, timeout=120)
    if done.returncode != QEMU_SUCCESS:
        sys.exit("run.py: the kernel's tour failed in QEMU "
                 f"(status {done.returncode}):\n{done.stdout[-2000:]}"
                 f"{done.stderr}")

    def figure(pattern):
        found = re.search(pattern, done.stdout)
        if not found:
            sys.exit(f"run.py: the kernel's log has no line /{pattern}/")
        return float(found.group(1))
    return {"to_tour": figure(r"\[ *(\d+\.\d+)\] tour: start"),
            "to_end": figure(r"\[ *(\d+\.\d+)\] tour: \d+ checks"),
            "reserved_kib": figure(r"Memory: .*\((\d+)K reserved")}


class Table:
    def __init__(self, runs):
        self.runs = runs
        self.cases = []

    def case(self, name, unit, target, measure):
        """Runs @measure; its median is to be at most @target (None: any)."""
        values = [measure() for _ in range(self.runs)]
        median = statistics.median(values)
        ok = target is None or median <= target
        self.cases.append({"name": name, "unit": unit, "median": median,
                           "target": target, "ok": ok, "runs": values})
        print(f"{name:<52}{median:>10.3f} {unit:<3}"
              f"{'' if target is None else f'  to reach {target:g}'}"
              f"{'' if ok else '  MISSED'}", flush=True)
        return median


def boots(table, build):
    table.case("boot, 64 MiB: CPU time", "ms", 1.0, lambda: boot(
        build, "--memory", "64M")["boot_cpu_ns"] / 1e6)
    large = ["--memory", "4T", "--nodes", "8", "--cpus", "512"]
    table.case("boot, 4 TiB, 8 nodes, 512 CPUs: CPU time", "ms", 200.0,
               lambda: boot(build, *large)["boot_cpu_ns"] / 1e6)
    table.case("the same: memory that the process then holds", "MiB", None,
               lambda: boot(build, *large)["resident_bytes"] / (1 << 20))
    table.case("metadata: struct pages, share of RAM", "%", 0.8, lambda: (
        lambda m: 100 * m["memmap_bytes"] / m["ram_bytes"])(
            boot(build, *large)))
    table.case("size of struct page", "B", 32, lambda: boot(
        build, "--memory", "64M")["struct_page_bytes"])


def struct_pages(table, build):
    """All struct pages made at once: the start with, less the one without."""
    size = INIT_GIB * GIB // 4096 * 32
    times = {}
    for cpus in (1, 2):
        machine = ["--memory", f"{INIT_GIB}G", "--cpus", str(cpus)]
        plain = statistics.median(
            boot(build, *machine)["boot_wall_ns"] for _ in range(3))
        fill = table.case(
            f"memset of {size >> 20} MiB, {cpus} thread{'s' * (cpus > 1)}",
            "ms", None, lambda: memset_ns(build, size, cpus) / 1e6)
        times[cpus] = table.case(
            f"struct pages of {INIT_GIB} GiB, {cpus} CPU{'s' * (cpus > 1)}",
            "ms", None, lambda: (boot(build, *machine, "--eager")
                                 ["boot_wall_ns"] - plain) / 1e6)
        table.case(f"the same: times memset, {cpus} CPU{'s' * (cpus > 1)}",
                   "x", 1.3, lambda: times[cpus] / fill)


def kernels(table, build):
    """The booted kernel; left out, with a line, where it cannot run."""
    image = f"{build}/octavo-x86_64.bzImage"
    if not shutil.which("qemu-system-x86_64"):
        print("boot_to_tour_seconds: left out, no qemu-system-x86_64")
        return
    if not os.path.exists(image):
        print(f"boot_to_tour_seconds: left out, no {image}")
        return
    table.case("boot_to_tour_seconds", "s", 2.0, lambda: kernel_boot(
        build, 4, "4G")["to_tour"])
    table.case("boot_to_tour_64_cpus_seconds", "s", None, lambda: kernel_boot(
        build, 64, "4G")["to_tour"])
    table.case("boot_to_tour_end_64_cpus_seconds", "s", 60.0,
               lambda: kernel_boot(build, 64, "4G")["to_end"])
    table.case("boot_reserved_mib", "MiB", None, lambda: kernel_boot(
        build, 4, "4G")["reserved_kib"] / 1024)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--out")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    table = Table(args.runs)
    boots(table, args.build)
    struct_pages(table, args.build)
    kernels(table, args.build)
    if args.out:
        os.makedirs(os.path.dirname(args.out) or ".", exist_ok=True)
        with open(args.out, "w", encoding="utf-8") as f:
            json.dump({"machine": platform.processor() or platform.machine(),
                       "cpus": os.cpu_count(), "kernel": platform.release(),
                       "cases": table.cases}, f, indent=1)
            f.write("\n")
    return 0 if all(c["ok"] for c in table.cases) else 1


if __name__ == "__main__":
    sys.exit(main())
