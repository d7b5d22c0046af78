#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot the recorded machines in a process and hold them against Linux.

usage: recorded_test.py OCTAVO DATA [MACHINE...]

DATA/MACHINE holds what a stock Debian kernel said on that machine: dmesg.txt,
zoneinfo, and the ACPI tables it found. Octavo boots from that dmesg's map and
those tables; then zone ranges, node ranges, spanned and present pages must be
the same. What the two kernels keep for themselves differs, so managed pages
must be the same up to what the other's log says it kept:

    their image       code, rwdata, rodata, bss of the "Memory:" line
    their IO TLB      "software IO TLB: mapped ... (64MB)"
    their mem_map     64 bytes a frame, ours 32 (i386: 40 and 32)

and within 3% of present pages when those are taken off. Writes TAP.

A 32-bit kernel's direct map ends where its dmesg says ("low ram: 0 - A"):
Octavo is told (--lowmem), and has the same zones, of which HighMem's managed
pages are the same to the page, since neither kernel keeps any there. With
them its minimum and what Normal keeps from its requests are the same. The
other marks follow from managed low memory and the record's min_free_kbytes,
and differ by no more than that memory does, and 1%.
"""
import json
import os
import re
import subprocess
import sys

PAGE = 4096
TOLERANCE = 0.03    # of present pages, after what is explained
NODE_RANGE = re.compile(r"\]\s+(node\s+\d+: \[mem 0x\w+-0x\w+\])$")
ZONE_RANGE = re.compile(r"\]\s+((?:DMA|DMA32|Normal|HighMem|Device)\s+(?:\[mem 0x\w+-0x\w+\]|empty))$")
INITMEM = re.compile(r"(Initmem setup node \d+ \[mem .*\])$")


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, ours, theirs):
        self.count += 1
        ok = ours == theirs
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}")
        if not ok:
            print(f"# ours:   {ours}\n# theirs: {theirs}")

    def note(self, text):
        print(f"# {text}")


def zones_of_zoneinfo(text):
    """{(node, zone): {"spanned": pages, ...}} of the zones that span pages."""
    zones, here = {}, None
    for line in text.splitlines():
        head = re.match(r"Node (\d+), zone\s+(\w+)", line)
        field = re.match(r"\s+(spanned|present|managed)\s+(\d+)", line)
        if head:
            here = zones.setdefault((int(head[1]), head[2]), {})
        elif field and here is not None:
            here[field[1]] = int(field[2])
    return {k: v for k, v in zones.items() if v.get("spanned")}


def marks_of_zoneinfo(text):
    """{zone: {"min": pages, ..., "protection": [...]}} of node 0."""
    marks, here = {}, None
    for line in text.splitlines():
        head = re.match(r"Node 0, zone\s+(\w+)", line)
        field = re.match(r"\s+(min|low|high|start_pfn:|batch:)\s+(\d+)", line)
        protection = re.match(r"\s+protection: \((.*)\)", line)
        if head:
            here = marks.setdefault(head[1], {})
        elif field and here is not None:
            here.setdefault(field[1].rstrip(":"), int(field[2]))
        elif protection:
            here["protection"] = [int(x) for x in protection[1].split(", ")]
    return {k: v for k, v in marks.items() if v.get("start_pfn")}


def ranges(log):
    """Lines of the log that say where zones and nodes lie."""
    found = {"zones": [], "nodes": [], "initmem": []}
    for line in log.splitlines():
        for key, regex in (("nodes", NODE_RANGE), ("initmem", INITMEM),
                           ("zones", ZONE_RANGE)):
            m = regex.search(line)
            if m:
                found[key].append(" ".join(m[1].split()))
                break
    # Linux lists Device where it was built in; no machine here has any.
    found["zones"] = [z for z in found["zones"] if z != "Device empty"]
    found["highmem"] = re.findall(
        r"(?:\d+MB HIGHMEM available|Initializing HighMem.*|\d+K highmem)", log)
    return found


def kept(log, present, bits32):
    """What the recorded kernel kept: name -> pages."""
    keep = {}
    m = re.search(r"\((\d+)K kernel code, (\d+)K rwdata, (\d+)K rodata, "
                  r"\d+K init, (\d+)K bss", log)
    keep["their image"] = sum(int(x) for x in m.groups()) * 1024 // PAGE
    m = re.search(r"software IO TLB: mapped .*\((\d+)MB\)", log)
    keep["their IO TLB"] = int(m[1]) * (1 << 20) // PAGE if m else 0
    theirs = 40 if bits32 else 64
    keep["their larger mem_map"] = present * (theirs - 32) // PAGE
    return keep


def lowmem(folder):
    """What makes it a machine of 32 bits, if it was one."""
    with open(f"{folder}/dmesg.txt", encoding="utf-8") as f:
        m = re.search(r"low ram: 0 - ([0-9a-f]+)", f.read())
    return ["--lowmem", f"{int(m[1], 16) // 1024}K"] if m else []


def boot(octavo, folder, *what):
    command = [octavo, "boot", "--e820", f"{folder}/dmesg.txt"]
    command += lowmem(folder)
    for option, name in (("--srat", "SRAT.bin"), ("--slit", "SLIT.bin"),
                         ("--madt", "APIC.bin")):
        if os.path.exists(f"{folder}/{name}"):
            command += [option, f"{folder}/{name}"]
    done = subprocess.run(command + list(what), capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode}: "
                           f"{done.stderr.strip()}")
    return done.stdout


def compare_zones(tap, machine, ours, theirs):
    for what in ("spanned", "present"):
        tap.check(f"{machine}: {what} pages of each zone",
                  {k: v[what] for k, v in ours.items()},
                  {k: v[what] for k, v in theirs.items()})


def min_free(folder):
    """What start-up made of it, huge pages' wish included."""
    with open(f"{folder}/sys.vm.txt", encoding="utf-8") as f:
        m = re.search(r"/min_free_kbytes:(\d+)", f.read())
    return ["--sysctl", f"vm.min_free_kbytes={m[1]}"]


def compare_highmem(tap, machine, ours, theirs, our_marks, their_marks):
    high = (0, "HighMem")
    tap.check(f"{machine}: managed pages of HighMem", ours[high]["managed"],
              theirs[high]["managed"])
    tap.check(f"{machine}: HighMem's minimum and protection",
              [our_marks["HighMem"][k] for k in ("min", "protection")],
              [their_marks["HighMem"][k] for k in ("min", "protection")])
    tap.check(f"{machine}: where zones start",
              {k: v["start_pfn"] for k, v in our_marks.items()},
              {k: v["start_pfn"] for k, v in their_marks.items()})
    tap.check(f"{machine}: batch of each zone's lists",
              {k: v.get("batch") for k, v in our_marks.items()},
              {k: v.get("batch") for k, v in their_marks.items()})
    tap.check(f"{machine}: what Normal keeps from requests for HighMem",
              our_marks["Normal"]["protection"],
              their_marks["Normal"]["protection"])
    normal = (0, "Normal")
    slack = 0.01 + abs(ours[normal]["managed"] - theirs[normal]["managed"]) \
        / theirs[normal]["managed"]

    def close(mine, their):
        return abs(mine - their) <= slack * their + 1

    for zone, marks in their_marks.items():
        tap.check(f"{machine}: marks and protection of {zone} within "
                  f"{100 * slack:.1f}%",
                  [close(our_marks[zone][k], marks[k])
                   for k in ("min", "low", "high")] +
                  [close(a, b) for a, b in zip(our_marks[zone]["protection"],
                                               marks["protection"])],
                  [True] * (3 + len(marks["protection"])))


def compare_managed(tap, machine, ours, theirs, keep):
    present = sum(z["present"] for z in theirs.values())
    mine = sum(z["managed"] for z in ours.values())
    their = sum(z["managed"] for z in theirs.values())
    for name, pages in keep.items():
        tap.note(f"{machine}: {name}: {pages} pages, "
                 f"{100 * pages / present:.2f}% of RAM")
    rest = mine - their - sum(keep.values())
    tap.note(f"{machine}: managed {mine}, theirs {their} of {present}; not "
             f"explained: {rest} pages, {100 * rest / present:.2f}%")
    tap.check(f"{machine}: managed pages within 3% of RAM once explained",
              abs(rest) <= TOLERANCE * present, True)


def one(tap, octavo, folder, machine):
    with open(f"{folder}/dmesg.txt", encoding="utf-8") as f:
        dmesg = f.read()
    with open(f"{folder}/zoneinfo", encoding="utf-8") as f:
        zoneinfo = f.read()
    theirs = zones_of_zoneinfo(zoneinfo)
    bits32 = "i386" in machine
    zones = json.loads(boot(octavo, folder, "--json"))["zones"]
    ours = {(z["node"], z["name"]): z for z in zones}
    log = boot(octavo, folder, "--log")
    compare_zones(tap, machine, ours, theirs)
    present = sum(z["present"] for z in theirs.values())
    compare_managed(tap, machine, ours, theirs, kept(dmesg, present, bits32))
    if bits32:
        compare_highmem(tap, machine, ours, theirs,
                        marks_of_zoneinfo(boot(octavo, folder, "--cat",
                                               "zoneinfo",
                                               *min_free(folder))),
                        marks_of_zoneinfo(zoneinfo))
    their_ranges = ranges(dmesg)
    for key, lines in ranges(log).items():
        tap.check(f"{machine}: log's ranges of {key}", lines,
                  their_ranges[key])


def main():
    octavo, data = sys.argv[1], sys.argv[2]
    machines = sys.argv[3:] or sorted(
        d for d in os.listdir(data)
        if os.path.exists(f"{data}/{d}/dmesg.txt"))
    tap = Tap()
    for machine in machines:
        try:
            one(tap, octavo, f"{data}/{machine}", machine)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as e:
            tap.check(f"{machine}: boots", str(e), "")
    if not machines:
        tap.check("recorded machines", data, "a folder of them")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
