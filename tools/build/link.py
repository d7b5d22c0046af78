#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Link the kernel with its own symbol table inside.

usage: link.py --nm NM --script LDS --out ELF -- CC [FLAGS] OBJECTS ARCHIVES

Three links: without the table, with a table of the right size, and with the
right addresses.  The last two must agree symbol by symbol.  Archives are
taken whole: test suites and the like are reached through their section only.
"""
import argparse
import os
import subprocess
import sys


def run(command):
    done = subprocess.run(command)
    if done.returncode:
        sys.exit(done.returncode)


def main():
    at = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    parser = argparse.ArgumentParser()
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--script", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args(sys.argv[1:at])
    command = sys.argv[at + 1:]
    if not command:
        sys.exit("link.py: no link command after --")

    here = os.path.dirname(os.path.abspath(__file__))
    table = args.out + ".kallsyms.S"
    trial = args.out + ".trial"

    def link(output):
        run(command + ["-nostdlib", "-static",
                       "-Wl,-L," + os.path.dirname(args.script),
                       "-Wl,-T," + args.script, "-Wl,--build-id=none",
                       "-Wl,-z,max-page-size=4096", "-Wl,-z,noexecstack",
                       "-Wl,--no-warn-rwx-segments", "-Wl,--orphan-handling=error",
                       "-x", "assembler", table, "-o", output])

    def symbols(elf):
        run([sys.executable, os.path.join(here, "kallsyms.py"), args.nm,
             elf, table])
        with open(table) as text:
            return text.read()

    symbols("-")
    link(trial)
    symbols(trial)
    link(trial)
    second = symbols(trial)
    link(args.out)
    if symbols(args.out) != second:
        os.unlink(args.out)
        sys.exit("link.py: symbol addresses did not settle in three links")
    os.unlink(trial)


if __name__ == "__main__":
    main()
