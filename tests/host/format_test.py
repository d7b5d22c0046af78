#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold our text files' format against a real kernel's, column for column.

usage: format_test.py OCTAVO DATA

Boots the recorded machine DATA (tests/data/6.12-amd64-numa2-1g) and compares
each file with what Linux 6.12 printed on it. Only numbers may differ: a
number in a right-aligned column becomes the column's width, another one a
`#`. The differences that remain are listed here, each with its reason.
Writes TAP.
"""
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

# Files whose numbers stand in columns of fixed width.
COLUMNS = {"buddyinfo", "pagetypeinfo", "meminfo", "node0/meminfo"}
FILES = ["buddyinfo", "pagetypeinfo", "meminfo", "vmstat", "zoneinfo", "stat",
         "loadavg", "uptime", "swaps", "node0/cpulist", "node0/cpumap",
         "node0/distance", "node0/meminfo", "node0/numastat", "node0/vmstat"]

# (file, pattern, reason): lines, or parts of lines, that one side has alone.
OURS_ALONE = [
    ("meminfo", r"VmallocTotal:.*\n",
     "theirs, with 57 address bits, is wider than its column"),
    ("pagetypeinfo", r".*type +CMA<.*\n",
     "Debian builds without CMA; we have the type"),
    ("pagetypeinfo", r"(?<=HighAtomic )         CMA ",
     "its heading in the table of blocks"),
    ("pagetypeinfo", r"(?<=<13><13><13><13>)<13>(?=<13> $)",
     "its column in the table of blocks"),
]
THEIRS_ALONE = [
    ("meminfo", r"VmallocTotal:.*\n", "the same"),
    ("meminfo", r"DirectMap.*\n",
     "a process has no page tables of its own; the booted kernel has these"),
    ("stat", r"intr .*\n", "a process has no interrupts to count"),
    ("stat", r"softirq .*\n", "there are no softirqs"),
]


def skeleton(name, text):
    """@text with what may differ taken out."""
    if name in COLUMNS:
        # The number of a node or a zone's name is no figure.
        text = re.sub(r"(?m)^(Node +)(\d+)", r"\1N", text)
        text = text.replace("DMA32", "DMAxy")
        return re.sub(r" *\d+", lambda m: f"<{len(m[0])}>", text)
    return re.sub(r"\d+", "#", text)


def without(name, text, alone):
    for file, pattern, _ in alone:
        if file == name:
            text = re.sub(pattern, "", text, flags=re.M)
    return text


def main():
    octavo, data = sys.argv[1], pathlib.Path(sys.argv[2])
    failed = 0
    with tempfile.TemporaryDirectory() as tree:
        subprocess.run([octavo, "procdir", "--e820",
                        data / "dmesg-memory.txt", "--srat", data / "SRAT.bin",
                        "--slit", data / "SLIT.bin", "--madt",
                        data / "APIC.bin", tree], check=True, timeout=60)
        for n, name in enumerate(FILES, 1):
            base = "sys/devices/system/node" if "/" in name else "proc"
            ours = (pathlib.Path(tree) / base / name).read_text()
            theirs = (data / ("" if "/" in name else "proc") / name).read_text()
            ours = without(name, skeleton(name, ours), OURS_ALONE)
            theirs = without(name, skeleton(name, theirs), THEIRS_ALONE)
            good = ours == theirs
            failed += not good
            print(f"{'ok' if good else 'not ok'} {n} - {name}")
            if not good:
                for line in list(difflib.unified_diff(
                        theirs.splitlines(), ours.splitlines(), "Linux",
                        "Octavo", lineterm="", n=1))[:30]:
                    print(f"# {line}")
    print(f"1..{len(FILES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
