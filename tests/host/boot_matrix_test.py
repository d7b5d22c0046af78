#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot machines of many shapes in a process and check that nothing is lost.

usage: boot_matrix_test.py OCTAVO [CASE]

Memory from 16 MiB to 15 TiB, 1 to 64 nodes, 1 to 512 CPUs, holes, and the
options mem=, memmap= and numa=fake=. For each: it starts, the zones' present
pages are the RAM that was described, and spanned >= present >= managed >=
free in every zone, which lie apart from each other. Writes TAP; a failing
case prints the command that runs it.
"""
import json
import shlex
import subprocess
import sys

M, G, T = 1 << 20, 1 << 30, 1 << 40
PAGE = 4096
# What a PC of that memory has not: page 0, the EBDA's page up to 640K, and
# the ISA hole.
PC_KEEPS = PAGE + PAGE + 0x60000

# name, arguments, bytes of RAM (None: not compared), nodes, CPUs
CASES = []


def case(name, args, ram, nodes=1, cpus=1):
    CASES.append((name, args, ram, nodes, cpus))


for size, text in ((16 * M, "16M"), (17 * M, "17M"), (63 * M, "63M"),
                   (256 * M, "256M"), (3 * G, "3G"), (3 * G + M, "3073M"),
                   (4 * G, "4G"), (33 * G, "33G"), (T, "1T"), (15 * T, "15T")):
    case(f"memory {text}", ["--memory", text], size - PC_KEEPS)
for nodes in (2, 3, 8, 64):
    for cpus in (1, 4, 64, 512):
        case(f"{nodes} nodes, {cpus} CPUs",
             ["--memory", "16G", "--nodes", str(nodes), "--cpus", str(cpus)],
             16 * G - PC_KEEPS, nodes, cpus)
case("memory 8M: no grouping by mobility", ["--memory", "8M"],
     8 * M - PC_KEEPS)
case("late pages, by threads",
     ["--memory", "40G", "--nodes", "2", "--cpus", "4", "--eager"],
     40 * G - PC_KEEPS, 2, 4)
case("lazy_struct_pages",
     ["--memory", "40G", "--cmdline", "lazy_struct_pages"], 40 * G - PC_KEEPS)
case("lazy_struct_pages=1: no such value",
     ["--memory", "1G", "--cmdline", "lazy_struct_pages=1"], G - PC_KEEPS)
case("odd node boundaries", ["--memory", "100M", "--nodes", "7"],
     100 * M - PC_KEEPS, 7)
case("4 TiB, 8 nodes, 512 CPUs",
     ["--memory", "4T", "--nodes", "8", "--cpus", "512"], 4 * T - PC_KEEPS,
     8, 512)
case("a hole below 4 GiB", ["--memory", "8G", "--hole", "64M@1G"],
     8 * G - 64 * M - PC_KEEPS)
case("a hole of one page", ["--memory", "64M", "--hole", "4K@20M"],
     64 * M - PAGE - PC_KEEPS)
case("a hole over a node's start",
     ["--memory", "2G", "--nodes", "2", "--hole", "256M@896M"],
     2 * G - 256 * M - PC_KEEPS, 2)
case("no memory below 4 GiB but 1 MiB",
     ["--memory", "5G", "--hole", "3071M@1M"], 2 * G + M - PC_KEEPS)
case("mem=64M", ["--memory", "1G", "--cmdline", "mem=64M"], 64 * M - PC_KEEPS)
case("memmap= reserves", ["--memory", "1G", "--cmdline", "memmap=64M$512M"],
     G - 64 * M - PC_KEEPS)
case("memmap=exactmap",
     ["--memory", "1G", "--cmdline",
      "memmap=exactmap memmap=640K@0 memmap=255M@1M"], 256 * M - 0x60000 - PAGE)
case("numa=fake=4", ["--memory", "2G", "--cmdline", "numa=fake=4"],
     2 * G - PC_KEEPS, 4)
case("numa=off", ["--memory", "2G", "--nodes", "2", "--cmdline", "numa=off"],
     2 * G - PC_KEEPS, 1)
case("nr_cpus=2", ["--cpus", "8", "--cmdline", "nr_cpus=2"], None, 1, 2)
case("movable memory", ["--memory", "4G", "--nodes", "2", "--cmdline",
                        "movablecore=1G"], 4 * G - PC_KEEPS, 2)
for size, low in ((2 * G, 896 * M), (5 * G, 896 * M), (33 * G, 512 * M)):
    case(f"32 bits: {size // G}G, low memory {low // M}M",
         ["--memory", f"{size // G}G", "--lowmem", f"{low // M}M"],
         size - PC_KEEPS)
case("32 bits: nodes of high memory alone",
     ["--memory", "4G", "--nodes", "4", "--cpus", "8", "--lowmem", "896M"],
     4 * G - PC_KEEPS, 4, 8)
case("32 bits without high memory", ["--memory", "256M", "--lowmem", "896M"],
     256 * M - PC_KEEPS)
case("highmem=", ["--memory", "1G", "--cmdline", "highmem=512M"], G - PC_KEEPS)
case("highmem= and movable memory",
     ["--memory", "2G", "--lowmem", "896M", "--cmdline", "movablecore=256M"],
     2 * G - PC_KEEPS)
case("unknown and malformed options",
     ["--cmdline", "frob=1 mem=abc numa=fake=x memmap=%%% ="], None)


def overlaps(zones):
    """Zones whose spans share frames though they are of one kind."""
    spans = sorted((z["start_pfn"], z["start_pfn"] + z["spanned"])
                   for z in zones)
    return [(a, b) for a, b in zip(spans, spans[1:]) if b[0] < a[1]]


def wrong(made, ram, nodes, cpus, numa):
    """What is not as it must be, as a list of lines."""
    faults = []
    present = sum(z["present"] for z in made["zones"])
    if ram is not None and present * PAGE != ram:
        faults.append(f"present {present * PAGE} bytes, described {ram}")
    if made["machine"]["nodes"] != nodes:
        faults.append(f"{made['machine']['nodes']} nodes, not {nodes}")
    if made["machine"]["cpus"] != cpus:
        faults.append(f"{made['machine']['cpus']} CPUs, not {cpus}")
    for z in made["zones"]:
        if not z["spanned"] >= z["present"] >= z["managed"] >= z["free"] >= 0:
            faults.append(f"figures of a zone: {z}")
        if not z["min"] <= z["low"] <= z["high"]:
            faults.append(f"watermarks of a zone: {z}")
    if not numa and overlaps(made["zones"]):
        faults.append(f"zones overlap: {overlaps(made['zones'])}")
    if sum(z["free"] for z in made["zones"]) != made["machine"]["free"]:
        faults.append("free pages of zones do not add up")
    return faults


def main():
    octavo = sys.argv[1]
    cases = [c for c in CASES if len(sys.argv) < 3 or c[0] == sys.argv[2]]
    failed = 0
    for number, (name, args, ram, nodes, cpus) in enumerate(cases, 1):
        command = [octavo, "boot", "--json", *args]
        done = subprocess.run(command, text=True, capture_output=True,
                              timeout=60, check=False)
        if done.returncode:
            faults = [f"status {done.returncode}: {done.stderr.strip()}"]
        else:
            movable = "movablecore" in " ".join(args)
            faults = wrong(json.loads(done.stdout), ram, nodes, cpus, movable)
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - {name}")
        for fault in faults:
            print(f"# {fault}")
        if faults:
            print(f"# replay: {shlex.join(command)}")
    print(f"1..{len(cases)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
