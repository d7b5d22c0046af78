#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measure what this project promises, against the promise and the peers.

usage: run.py [--build DIR] [--out FILE] [--quick] [--list]
              [--backend NAME]... [CASE...]

CASE is a glob of case names ("pair.*"); without one every case runs. Prints
tables (table.py) and writes the same as JSON rows (rows.py), with every
single run. A figure that misses its target is marked, and the exit status
is 1. Modules of cases, each with names(build) and run(build, args):

  boot.py    start-up of machines and of the kernel
  hosted.py  page allocators in processes: time, fragmentation
  insn.py    instructions of the same, by callgrind
  kernel.py  calls in the booted kernel, and in Linux
  malloc.py  liboctavo-malloc.so and Debian's, in loops and programs
"""
import argparse
import fnmatch
import importlib
import json
import os
import platform
import sys

import rows
import table

MODULES = ["boot", "hosted", "insn", "kernel", "malloc"]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--out")
    parser.add_argument("--quick", action="store_true",
                        help="few short runs: to see that it works")
    parser.add_argument("--list", action="store_true",
                        help="print the names of the cases")
    parser.add_argument("--backend", action="append", metavar="NAME",
                        help="only this page allocator; may be repeated")
    parser.add_argument("globs", nargs="*", metavar="CASE")
    args = parser.parse_args()
    args.runs = 2 if args.quick else 5          # of whole programs
    args.rounds = 3 if args.quick else 9        # over all processes
    args.samples = 1 if args.quick else 3       # in a round
    args.seconds = 3 if args.quick else 15      # of a family, about
    args.seeds = 1 if args.quick else 3         # of a random test
    args.selected = lambda name: not args.globs or any(
        fnmatch.fnmatchcase(name, g) for g in args.globs)
    return args


def check_names(modules, args):
    """Ends with an error for a glob that no case matches."""
    known = [n for m in modules for n in m.names(args.build)]
    if args.list:
        print("\n".join(known))
        sys.exit(0)
    for glob in args.globs:
        if not fnmatch.filter(known, glob):
            sys.exit(f"bench: no case matches {glob!r}; --list has them all")


def main():
    args = arguments()
    modules = [importlib.import_module(name) for name in MODULES]
    check_names(modules, args)
    found = []
    for module in modules:
        found += module.run(args.build, args)
    table.show(found)
    if args.out:
        os.makedirs(os.path.dirname(args.out) or ".", exist_ok=True)
        with open(args.out, "w", encoding="utf-8") as f:
            json.dump({"machine": platform.processor() or platform.machine(),
                       "cpus": os.cpu_count(), "kernel": platform.release(),
                       "rows": found}, f, indent=1)
            f.write("\n")
    missed = rows.missed(found)
    print(f"\n{len(found)} rows, {len(missed)} miss their target")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
