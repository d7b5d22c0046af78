#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold the man pages against what they are about.

usage: man_test.py --octavo OCTAVO --library liboctavo.so --include DIR MAN_DIR

mandoc and groff have nothing to say against them; every option that `octavo
--help` and each command's --help name is in octavo(1), and octavo(1) has no
other; each function of section 3 is in our headers, and in the library unless
the header defines it. Writes TAP.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def point(self, ok, name, why=""):
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}", flush=True)
        for line in [] if ok else why.splitlines()[:40]:
            print(f"# {line}")


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def check_format(tap, pages):
    for tool, args in ("mandoc", ["-T", "lint", "-W", "warning"]), \
            ("groff", ["-mandoc", "-Tutf8", "-ww", "-z"]):
        if not shutil.which(tool):
            print(f"# {tool} is not installed")
            continue
        for page in pages:
            out, err = output(tool, *args, str(page))
            said = "".join(line for line in (out + err).splitlines(True)
                           if "outdated mandoc.db" not in line)
            tap.point(not said, f"{page.name}: {tool}", said)


def check_options(tap, octavo, page):
    top, _ = output(octavo, "--help")
    commands = re.findall(r"^  (\w+) +\w", top, re.M)
    options = {"--help", "--version"}
    for command in commands:
        text, _ = output(octavo, command, "--help")
        options |= set(re.findall(r"^ +(?:-.,? +)?(--[a-z0-9-]+)", text, re.M))
    text = page.read_text()
    there = {"-" + o for o in re.findall(r"Fl (-[a-z0-9-]+)", text)} | \
        {"--" + o for o in re.findall(r"\| -([a-z]+)", text)}
    tap.point(len(options) > 10 and len(commands) > 1 and options == there,
              f"octavo.1: {len(options)} options of {len(commands)} commands",
              f"not in octavo(1): {sorted(options - there)}; "
              f"not options: {sorted(there - options)}")
    missing = [c for c in commands if f".Cm {c}" not in text]
    tap.point(not missing, "octavo.1: commands", str(missing))


def check_functions(tap, pages, include, library):
    headers = "".join(f.read_text() for f in sorted(include.rglob("*.h")))
    code = re.sub(r"/\*.*?\*/", " ", headers, flags=re.S)
    out, _ = output("nm", "-D", "--defined-only", library)
    exported = {line.split()[-1] for line in out.splitlines()}
    for page in pages:
        text, bad = page.read_text(), []
        names = re.findall(r"^\.Nm (\w+)", text, re.M)
        shown = re.findall(r"^\.Fn (\w+)", text.split(".Sh DESCRIPTION")[0],
                           re.M)
        for name in sorted({*names, *shown}):
            macro = re.search(rf"#define\s+{name}\(", code)
            inline = re.search(rf"inline[^;{{}}]*\b{name}\(", code)
            declared = re.search(rf"\b{name}\(", code)
            if not (macro or inline or (declared and name in exported)):
                bad.append(name)
        tap.point(names and not bad and set(names) == set(shown),
                  f"{page.name}: {len(names)} functions",
                  f"not in headers and library: {bad}; in NAME or SYNOPSIS "
                  f"alone: {sorted(set(names) ^ set(shown))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in "octavo", "library", "include":
        parser.add_argument("--" + option, required=True)
    parser.add_argument("man", type=pathlib.Path)
    args = parser.parse_args()
    tap = Tap()
    pages = sorted(args.man.glob("*.[137]"))
    check_format(tap, pages)
    check_options(tap, args.octavo, args.man / "octavo.1")
    check_functions(tap, [p for p in pages if p.suffix == ".3"],
                    pathlib.Path(args.include), args.library)
    print(f"1..{tap.n}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
