#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What liboctavo-malloc.so says: of wrong frees, bad settings, itself.

usage: malloc_test.py UNIT LIBRARY

UNIT is tests/malloc/unit.c's program, linked with the library. Each line must
be exact, each end the right one. Writes TAP.
"""
import json
import os
import re
import signal
import subprocess
import sys

SAYS = "liboctavo-malloc: "
DEATHS = {
    # case: the line, with the address left out
    "double": "free(): double free of ADDRESS",
    "double_late": "free(): double free of ADDRESS",
    "double_large": "free(): not in use: ADDRESS",
    "double_huge": "free(): not from malloc: ADDRESS",
    "interior": "free(): not the start of a block: ADDRESS",
    "interior_large": "free(): not the start of a block: ADDRESS",
    "interior_huge": "free(): not from malloc: ADDRESS",
    "foreign": "free(): not from malloc: ADDRESS",
    "stack": "free(): not from malloc: ADDRESS",
    "never": "free(): not in use: ADDRESS",
    "realloc": "realloc(): not the start of a block: ADDRESS",
    "usable": "malloc_usable_size(): not from malloc: ADDRESS",
}
SETTINGS = {
    # NAME=VALUE: what is said, or None when it is fine
    "OCTAVO_MALLOC_LIMIT=512M": None,
    "OCTAVO_MALLOC_LIMIT=0": None,
    "OCTAVO_MALLOC_LIMIT=1g": None,
    "OCTAVO_MALLOC_LIMIT=": "not a size such as 512M: ignored",
    "OCTAVO_MALLOC_LIMIT=much": "not a size such as 512M: ignored",
    "OCTAVO_MALLOC_LIMIT=-1M": "not a size such as 512M: ignored",
    "OCTAVO_MALLOC_LIMIT=5Q": "not a size such as 512M: ignored",
    "OCTAVO_MALLOC_LIMIT=1000": "less than 1M: ignored",
    "OCTAVO_MALLOC_STATS=0": None,
    "OCTAVO_MALLOC_STATS=yes": "neither 0, 1 nor json: ignored",
    "OCTAVO_MALLOC_STATS=": "neither 0, 1 nor json: ignored",
    "OCTAVO_MALLOC_ABORT=0": None,
    "OCTAVO_MALLOC_ABORT=1": None,
    "OCTAVO_MALLOC_ABORT=2": "neither 0 nor 1: ignored",
    "OCTAVO_MALLOC_DECAY=0": None,
    "OCTAVO_MALLOC_DECAY=1000": None,
    "OCTAVO_MALLOC_DECAY=-1":
        "not a number of milliseconds up to 3600000: ignored",
    "OCTAVO_MALLOC_DECAY=soon":
        "not a number of milliseconds up to 3600000: ignored",
}


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def point(self, ok, name, note=""):
        self.count += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}")
        for line in note.splitlines() if not ok else []:
            print(f"# {line}")


def run(command, **variables):
    return subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, **variables))


def deaths(tap, unit):
    for case, line in DEATHS.items():
        done = run([unit, "--death", case])
        text = re.sub(r"0x[0-9a-f]+", "ADDRESS", done.stderr)
        tap.point(text == SAYS + line + "\n" and
                  done.returncode == -signal.SIGABRT,
                  f"death.{case}", f"{done.returncode}: {done.stderr}")
        done = run([unit, "--death", case], OCTAVO_MALLOC_ABORT="0")
        text = re.sub(r"0x[0-9a-f]+", "ADDRESS", done.stderr)
        ends = 3 if case == "realloc" else 0
        tap.point(text == SAYS + line + "\n" and done.returncode == ends,
                  f"goes_on.{case}", f"{done.returncode}: {done.stderr}")


def settings(tap, library):
    for setting, said in SETTINGS.items():
        name, value = setting.split("=")
        done = run(["true"], LD_PRELOAD=library, **{name: value})
        want = f"{SAYS}{setting}: {said}\n" if said else ""
        tap.point(done.stderr == want and done.returncode == 0,
                  f"setting.{setting}", done.stderr)


def statistics(tap, library):
    done = run(["ls", "/"], LD_PRELOAD=library, OCTAVO_MALLOC_STATS="1")
    lines = done.stderr.splitlines()
    tap.point(len(lines) > 4 and
              re.fullmatch(SAYS + r"statistics of process \d+, bytes",
                           lines[0]) and
              lines[1].split() == ["size", "slabs", "objects", "in", "use",
                                   "depot", "bytes"] and
              all(len(x.split()) == 6 for x in lines[2:-2]) and
              lines[-1].startswith("limit 0, requests refused 0;"),
              "stats.text", done.stderr)
    done = run(["ls", "/"], LD_PRELOAD=library, OCTAVO_MALLOC_STATS="json",
               OCTAVO_MALLOC_LIMIT="256M")
    try:
        stats = json.loads(done.stderr)["octavo_malloc"]
        ok = stats["limit"] == 256 << 20 and stats["refused"] == 0 and \
            0 < stats["slabs"] <= stats["pages"] and \
            stats["resident"] > 0 and \
            all(c["depot"] + c["in_use"] <= c["objects"]
                for c in stats["classes"])
    except (ValueError, KeyError):
        ok = False
    tap.point(ok, "stats.json", done.stderr)
    # In the middle of what a program allocates at its own end.
    done = run(["/usr/bin/python3", "-c", "print('x' * 10)"],
               LD_PRELOAD=library, OCTAVO_MALLOC_STATS="json")
    tap.point(done.stdout == "x" * 10 + "\n" and
              done.stderr.startswith("{\"octavo_malloc\""),
              "stats.python", done.stderr)


def limits(tap, library):
    code = "x = []\n" \
           "try:\n" \
           "  while len(x) < 1000: x.append(bytearray(1000000))\n" \
           "except MemoryError:\n" \
           "  n = len(x); x = None; y = bytearray(30000000)\n" \
           "  print('full', 30 <= n <= 66)\n"
    done = run(["/usr/bin/python3", "-c", code], LD_PRELOAD=library,
               OCTAVO_MALLOC_LIMIT="64M")
    tap.point(done.stdout == "full True\n", "limit.python",
              done.stdout + done.stderr)


def main():
    unit, library = sys.argv[1], os.path.abspath(sys.argv[2])
    tap = Tap()
    deaths(tap, unit)
    settings(tap, library)
    statistics(tap, library)
    limits(tap, library)
    print(f"1..{tap.count}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
