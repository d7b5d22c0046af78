# SPDX-License-Identifier: MIT
"""Instructions of an operation, counted by callgrind: a figure without noise.

A case runs twice in valgrind, with different numbers of operations; what the
second run executes more belongs to the operations. And the same for builds
without debugging of pages or of objects, and without tracepoints, since what is
switched off is to cost nothing.
"""
import os
import re
import shutil
import subprocess
import sys

import rows

PAGES = ["pair.o0.t1", "pair.o3.t1", "pair.o9.t1", "array.o0.t1",
         "bulk-alloc.o0.t1", "mixed.t1"]
OBJECTS = ["kmalloc-pair.64", "kmalloc-pair.1024", "cache-pair.64",
           "kmalloc-batch.1000.lifo.64", "kmalloc-batch.1000.random.64"]
CASES = PAGES + OBJECTS
FEW, MANY = 16384, 65536        # operations
FRAMES = 1 << 18                # of a machine: what valgrind can reserve
# What is compiled in and off: the build's option, the name of the build
# without it, the ratio to reach of the one with it to the one without, and the
# cases in which it could cost something.
OFF = [("page_debug", "no debug", 1.02, PAGES),
       ("slab_debug", "no slab debug", 1.02, OBJECTS),
       ("tracepoints", "no tracepoints", 1.01, CASES)]


def backends(case):
    if case in OBJECTS:
        return ["octavo", "limit-objects"]
    # The arrays of pages are no calls of that one.
    return ["octavo", "limit", "limit+struct"] + \
        ([] if case.startswith("array") else ["lifo"])


def collected(build, backend, case, nr):
    """Instructions of a whole run, one sample of @nr operations."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         f"{build}/bench/pages", "run", backend, case, f"nr={nr}",
         f"frames={FRAMES}"],
        input="1\n", text=True, capture_output=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"bench: {backend} fails {case} in valgrind:\n"
                 f"{done.stderr[-2000:]}")
    return int(found.group(1))


def instructions(build, backend, case):
    few = collected(build, backend, case, FEW)
    return (collected(build, backend, case, MANY) - few) / (MANY - FEW)


def plain_build(build, option):
    """A build without @option beside @build; None: no such option."""
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(f"{source}/meson_options.txt", encoding="utf-8") as f:
        if f"'{option}'" not in f.read():
            return None
    plain = f"{build}/bench/plain-{option}"
    if not os.path.exists(f"{plain}/build.ninja"):
        subprocess.run(["meson", "setup", plain, source,
                        f"-D{option}=false"], check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", plain, "bench/pages"], check=True,
                   stdout=subprocess.DEVNULL)
    return plain


def names(_build):
    return [f"insn.{c}" for c in CASES]


def run(build, args):
    wanted = [c for c in CASES if args.selected(f"insn.{c}")]
    if not wanted:
        return []
    if not shutil.which("valgrind"):
        print("bench: instructions are left out, no valgrind")
        return []
    found = []
    plain = {option: plain_build(build, option) for option, _, _, cases in OFF
             if set(cases) & set(wanted)}
    for case in wanted:
        for backend in backends(case):
            found.append(rows.row("instructions", f"insn.{case}", backend,
                                  "insn", instructions(build, backend, case)))
        with_all = next(r["value"] for r in found
                        if r["case"] == f"insn.{case}")
        for option, name, ratio, cases in OFF:
            if case not in cases or not plain[option]:
                continue
            without = instructions(plain[option], "octavo", case)
            found.append(rows.row("instructions", f"insn.{case}", name,
                                  "insn", without))
            found.append(rows.ratio_row(
                "instructions", f"insn.{case}", "octavo", [with_all],
                [without], name, wanted=ratio))
    return found
