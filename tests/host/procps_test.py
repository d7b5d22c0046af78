#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Let unmodified tools read a machine's /proc, and check what they print.

usage: procps_test.py OCTAVO

`octavo procdir` writes a machine's files; in a mount namespace of its own
(unshare -m) they are bound over /proc/meminfo and the rest and over
/sys/devices/system/node. There Debian's free and vmstat (procps), and
numastat and numactl run, and their figures are held against the machine's own
(octavo boot --json, seeded the same, so that both machines are the same).
Writes TAP; skips when namespaces are not allowed here.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

MACHINE = ["--memory", "2G", "--nodes", "2", "--cpus", "4", "--seed", "1",
           "--clock-step", "1000"]
NODES = "/sys/devices/system/node"
PROC_FILES = ["meminfo", "vmstat", "zoneinfo", "buddyinfo", "stat", "uptime",
              "slabinfo"]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, got, expected, text=""):
        self.count += 1
        ok = got == expected
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}")
        if not ok:
            print(f"# got {got}, expected {expected}")
            for line in text.splitlines():
                print(f"# | {line}")


def inside(tree, command):
    """The output of @command where @tree lies over /proc and /sys."""
    binds = [f"mount --bind {tree}/proc/{f} /proc/{f}" for f in PROC_FILES]
    binds.append(f"mount --bind {tree}{NODES} {NODES}")
    script = " && ".join(binds + [command])
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], text=True,
                          capture_output=True, timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


def meminfo(tree):
    """{"MemTotal": kB, ...} of the file that the tools will read."""
    with open(f"{tree}/proc/meminfo", encoding="ascii") as f:
        return {k: int(v) for k, v in re.findall(r"(\S+):\s+(\d+)", f.read())}


def check_free(tap, tree, figures):
    status, out, err = inside(tree, "free -k")
    tap.check("free: exit status", status, 0, err)
    row = re.search(r"^Mem:\s+(.*)$", out, re.M)
    fields = [int(x) for x in row[1].split()] if row else [0] * 6
    mem = meminfo(tree)
    tap.check("free: total is MemTotal", fields[0], mem["MemTotal"], out)
    tap.check("free: free is MemFree", fields[2], mem["MemFree"], out)
    tap.check("free: available is MemAvailable", fields[5],
              mem["MemAvailable"], out)
    tap.check("MemTotal is what zones manage", mem["MemTotal"],
              figures["machine"]["managed"] * 4)
    tap.check("MemFree is what zones have free", mem["MemFree"],
              figures["machine"]["free"] * 4)


def check_vmstat(tap, tree):
    mem = meminfo(tree)
    status, out, err = inside(tree, "vmstat")
    tap.check("vmstat: exit status", status, 0, err)
    last = out.splitlines()[-1].split() if out else []
    tap.check("vmstat: free", int(last[3]) if len(last) > 3 else None,
              mem["MemFree"], out)
    status, out, err = inside(tree, "vmstat -s")
    tap.check("vmstat -s: exit status", status, 0, err)
    total = re.search(r"(\d+) K total memory", out)
    tap.check("vmstat -s: total memory", int(total[1]) if total else None,
              mem["MemTotal"], out)


def check_slabs(tap, tree):
    status, out, err = inside(tree, "vmstat -m")
    tap.check("vmstat -m: exit status", status, 0, err)
    with open(f"{tree}/proc/slabinfo", encoding="ascii") as f:
        lines = [line.split() for line in f.read().splitlines()[2:]]
    printed = {row[0]: row[1:] for row in
               (line.split() for line in out.splitlines()) if len(row) == 5}
    for name in ("kmem_cache", "kmalloc-64", "dma-kmalloc-1k"):
        theirs = next((x[1:5] for x in lines if x[0] == name), None)
        tap.check(f"vmstat -m: {name}", printed.get(name), theirs, out)


def check_slabtop(tap, tree):
    """slabtop's cache lines: OBJS ACTIVE USE SIZE SLABS OBJ/SLAB CACHE NAME"""
    status, out, err = inside(tree, "slabtop -o -s n")
    tap.check("slabtop -o: exit status", status, 0, err)
    with open(f"{tree}/proc/slabinfo", encoding="ascii") as f:
        lines = [line.split() for line in f.read().splitlines()[2:]]
    printed = {row[-1]: row for row in
               (line.split() for line in out.splitlines()) if len(row) == 8}
    for name in ("kmem_cache", "kmalloc-64"):
        ours = next(x for x in lines if x[0] == name)
        row = printed.get(name, [None] * 8)
        tap.check(f"slabtop -o: {name}: objects, active, slabs, a slab's",
                  [row[0], row[1], row[4], row[5]],
                  [ours[2], ours[1], ours[14], ours[4]], out)


def node_file(tree, node, name):
    with open(f"{tree}{NODES}/node{node}/{name}", encoding="ascii") as f:
        return f.read()


def check_numastat(tap, tree):
    status, out, err = inside(tree, "numastat")
    tap.check("numastat: exit status", status, 0, err)
    for event in ("numa_hit", "local_node"):
        row = re.search(rf"^{event}\s+(\d+)\s+(\d+)", out, re.M)
        theirs = [re.search(rf"^{event} (\d+)", node_file(tree, n, "numastat"),
                            re.M)[1] for n in range(2)]
        tap.check(f"numastat: {event}", list(row.groups()) if row else None,
                  theirs, out)
    status, out, err = inside(tree, "numastat -m")
    tap.check("numastat -m: exit status", status, 0, err)
    row = re.search(r"^MemTotal\s+([\d.]+)\s+([\d.]+)", out, re.M)
    totals = [int(re.search(r"MemTotal:\s+(\d+)",
                            node_file(tree, n, "meminfo"))[1])
              for n in range(2)]
    tap.check("numastat -m: MemTotal",
              list(row.groups()) if row else None,
              [f"{t / 1024:.2f}" for t in totals], out)


def check_numactl(tap, tree, figures):
    status, out, err = inside(tree, "numactl -H")
    tap.check("numactl -H: exit status", status, 0, err)
    tap.check("numactl -H: nodes", re.findall(r"available: (\d+) nodes", out),
              ["2"], out)
    for n in figures["nodes"]:
        row = re.search(rf"^\s+{n['node']}:\s+(\d+)\s+(\d+)", out, re.M)
        tap.check(f"numactl -H: distances of node {n['node']}",
                  [int(x) for x in row.groups()] if row else None,
                  n["distances"], out)


def main():
    octavo = sys.argv[1]
    probe = subprocess.run(["unshare", "-m", "true"], capture_output=True,
                           check=False)
    tools = [t for t in ("free", "vmstat", "numastat", "numactl")
             if not shutil.which(t)]
    if probe.returncode or tools:
        print("1..0 # SKIP needs mount namespaces and " +
              (", ".join(tools) or "nothing else"))
        return 0
    figures = json.loads(subprocess.run([octavo, "boot", "--json", *MACHINE],
                                        text=True, capture_output=True,
                                        timeout=30, check=True).stdout)
    tap = Tap()
    with tempfile.TemporaryDirectory() as tree:
        done = subprocess.run([octavo, "procdir", *MACHINE, tree], text=True,
                              capture_output=True, timeout=30, check=False)
        tap.check("octavo procdir", done.returncode, 0, done.stderr)
        missing = [f for f in PROC_FILES
                   if not os.path.exists(f"{tree}/proc/{f}")]
        tap.check("files that the tools read", missing, [])
        if not tap.failed:
            check_free(tap, tree, figures)
            check_vmstat(tap, tree)
            check_slabs(tap, tree)
            check_slabtop(tap, tree)
            check_numastat(tap, tree)
            check_numactl(tap, tree, figures)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
