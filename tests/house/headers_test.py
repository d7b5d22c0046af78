#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold our headers against libc's: a program that has our include folders
first on its path must not notice (include/octavo/kernel.h says how).

usage: headers_test.py [--cc CC]... [--kernel FILE] INCLUDE_DIR...

INCLUDE_DIRs are ours, in the order of the path. For each compiler, as C and
as C++:

  1. names: a header of ours whose name the system has as well must define
     what the system's does, macro for macro, as long as __KERNEL__ is not
     defined; so a new header that does not step aside is found here;
  2. libc: one program includes every header of the C library that goes
     together with those before it, the others get a program each. What
     compiles without our folders compiles with them;
  3. uapi: the same for linux/*.h, asm/*.h and their like (as C, gcc alone);
  4. kernel: <octavo/kernel.h> and then every header of ours compile after
     the headers of libc that octavo(7) names; a header of ours without it
     gets an error that says what to include.

The lists are made from what is installed. Writes TAP.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What a program may include before <octavo/kernel.h>: octavo(7).
BESIDE = ["assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h",
          "pthread.h", "signal.h", "stdarg.h", "stdbool.h", "stddef.h",
          "stdint.h", "stdio.h", "stdlib.h", "string.h", "sys/types.h",
          "time.h", "unistd.h"]
PACKAGES = {"libc": "libc6-dev", "uapi": "linux-libc-dev"}
# Without a package manager to ask: folders below the system's.
FOLDERS = {"libc": ["", "arpa", "net", "netinet", "netpacket", "rpc", "sys"],
           "uapi": ["linux", "asm", "asm-generic"]}
PRIVATE = re.compile(r"^(bits|gnu|finclude)/|^asm/.*_x?(32|64)\.h$")


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def point(self, ok, name, why=""):
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}", flush=True)
        for line in [] if ok else why.splitlines()[:40]:
            print(f"# {line}")


class Compiler:
    """One compiler for one language, with or without our folders."""

    def __init__(self, command, language, ours, folder):
        self.command, self.language = command, language
        self.ours = [f"-I{d}" for d in ours]
        self.name = f"{command} {language}"
        self.source = folder / ("prog.c" if language == "c" else "prog.cc")
        self.system = self.search_path()

    def run(self, args, text):
        self.source.write_text(text)
        return subprocess.run(
            [self.command, "-x", self.language, "-D_GNU_SOURCE", *args,
             str(self.source)], capture_output=True, text=True, check=False)

    def search_path(self):
        err = self.run(["-E", "-v"], "").stderr
        part = err.split("#include <...> search starts here:")[1]
        return [pathlib.Path(line.strip()) for line in
                part.split("End of search list")[0].splitlines() if line.strip()]

    def compile(self, headers, ours, extra=()):
        """"" when a program of @headers compiles, else what was said."""
        args = ["-fsyntax-only", "-w", *extra]
        args += ["-fmax-errors=0"] if "clang" not in self.command else \
            ["-ferror-limit=0"]
        done = self.run(args + (self.ours if ours else []),
                        "".join(f"#include <{h}>\n" for h in headers))
        return "" if done.returncode == 0 else done.stderr

    def macros(self, header, ours):
        done = self.run(["-E", "-dM", "-w", *(self.ours if ours else [])],
                        f"#include <{header}>\n")
        return done.returncode, "".join(sorted(done.stdout.splitlines(True)))

    def together(self, headers):
        """Splits @headers into those that compile in one program, without
        ours, and the rest."""
        alone = []
        while True:
            err = self.compile(headers, False)
            if not err:
                return headers, alone
            bad = guilty(err, self.source.name)
            if not bad:
                raise SystemExit(f"headers: cannot read: {err[:500]}")
            alone += [headers[i] for i in sorted(bad)]
            headers = [h for i, h in enumerate(headers) if i not in bad]


def guilty(err, source):
    """The lines, from 0, of @source from which errors came."""
    bad, line = set(), None
    for text in err.splitlines():
        chain = re.search(rf"from \S*{re.escape(source)}:(\d+)", text)
        if chain:
            line = int(chain[1]) - 1
        here = re.match(rf"\S*{re.escape(source)}:(\d+):.*error:", text)
        if here:
            bad.add(int(here[1]) - 1)
        elif re.search(r": (fatal )?error:", text) and line is not None:
            bad.add(line)
    return bad


def installed(kind, cc):
    """The names of the system's headers of @kind, sorted."""
    if shutil.which("dpkg-query"):
        done = subprocess.run(["dpkg-query", "-L", PACKAGES[kind]],
                              capture_output=True, text=True, check=False)
        files = [pathlib.Path(f) for f in done.stdout.split()]
    else:
        files = [f for d in cc.system for sub in FOLDERS[kind]
                 for f in (d / sub).glob("*.h")]
    names = set()
    for file in files:
        for folder in sorted(cc.system, key=lambda d: -len(str(d))):
            if file.suffix == ".h" and file.is_relative_to(folder):
                names.add(str(file.relative_to(folder)))
                break
    return sorted(n for n in names if not PRIVATE.search(n))


def our_headers(dirs):
    """{name: file} of our headers, the first folder that has one first."""
    found = {}
    for d in dirs:
        for file in sorted(pathlib.Path(d).rglob("*.h")):
            found.setdefault(str(file.relative_to(d)), file)
    return {n: f for n, f in found.items()
            if not n.startswith(("models/", "uapi/"))}


def check_names(tap, cc, ours):
    """A header that steps aside leaves the system's macros as they are."""
    names = [n for n in ours if any((d / n).exists() for d in cc.system)]
    bad = []
    for name in names:
        status, theirs = cc.macros(name, False)
        if cc.macros(name, True) != (status, theirs):
            bad.append(f"{ours[name]} changes what programs see of <{name}>: "
                       "it is to begin as octavo/kernel.h says")
    tap.point(bool(names) and not bad,
              f"{cc.name}: {len(names)} names that both have", "\n".join(bad))


def check_programs(tap, cc, kind):
    headers, alone = cc.together(installed(kind, cc))
    tap.point(len(headers) > 50, f"{cc.name}: {len(headers)} headers of {kind} "
              "go together", f"only {headers}")
    err = cc.compile(headers, True)
    tap.point(not err, f"{cc.name}: they do behind our folders", err)
    bad = []
    for header in alone:
        err = cc.compile([header], True)
        if err and not cc.compile([header], False):
            bad.append(f"<{header}>: {err}")
    tap.point(not bad, f"{cc.name}: {len(alone)} other headers of {kind}",
              "\n".join(bad))


def check_kernel(tap, cc, ours):
    kernel = [n for n in ours if n.startswith("linux/")]
    beside = ["octavo/octavo.h", *BESIDE, "octavo/kernel.h"]
    err = cc.compile(beside + kernel, True)
    tap.point(not err, f"{cc.name}: {len(kernel)} of our headers after libc's",
              err)
    err = cc.compile(["linux/slab.h"], True)
    tap.point("octavo/kernel.h" in err,
              f"{cc.name}: <linux/slab.h> without <octavo/kernel.h>",
              f"says: {err}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cc", action="append")
    parser.add_argument("dirs", nargs="+")
    args = parser.parse_args()
    ours, tap = our_headers(args.dirs), Tap()
    with tempfile.TemporaryDirectory() as tmp:
        for command in args.cc or ["gcc", "g++", "clang", "clang++"]:
            if not shutil.which(command):
                print(f"# {command} is not installed")
                continue
            language = "c++" if "++" in command else "c"
            cc = Compiler(command, language, args.dirs, pathlib.Path(tmp))
            check_names(tap, cc, ours)
            check_programs(tap, cc, "libc")
            if command == "gcc":
                check_programs(tap, cc, "uapi")
            if language == "c":
                check_kernel(tap, cc, ours)
    print(f"1..{tap.n}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
