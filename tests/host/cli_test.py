#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The `octavo` command: what it prints, and how it ends when told nonsense.

usage: cli_test.py OCTAVO DATA

Each bad call must end with its status, one line on stderr that names the
input and the reason, and nothing on stdout. Writes TAP.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

BAD = [
    # arguments, exit status, what stderr starts with or holds
    (["boot", "--memory", "12Q"], 2, "--memory takes a size such as 4G, not '12Q'"),
    (["boot", "--memory", "0"], 2, "--memory takes a size such as 4G, not '0'"),
    (["boot", "--memory", "-1"], 2, "not '-1'"),
    (["boot", "--memory", "99999999999999999999"], 2, "--memory takes a size"),
    (["boot", "--memory", "5000"], 2, "not a multiple of the page size"),
    (["boot", "--memory", "20T"], 2, "would end above 16 TiB"),
    (["boot", "--memory", "32K"], 1, "no memory"),
    (["boot", "--lowmem", "x"], 2, "--lowmem takes a size such as 896M, not 'x'"),
    (["boot", "--lowmem", "5000"], 2,
     "low memory of 5000 bytes is not a multiple of the page size"),
    (["boot", "--lowmem", "4G"], 2,
     "low memory of 4294967296 bytes: a machine of 32 bits has addresses for"),
    (["boot", "--lowmem", "16K"], 1, "Failed to allocate"),
    (["boot", "--nodes", "0"], 2, "--nodes takes a number from 1 on, not '0'"),
    (["boot", "--nodes", "65"], 2, "65 nodes: at most 64"),
    (["boot", "--cpus", "x"], 2, "--cpus takes a number from 1 on, not 'x'"),
    (["boot", "--cpus", "513"], 2, "513 CPUs: at most 512"),
    (["boot", "--hole", "4K"], 2, "--hole takes SIZE@START, not '4K'"),
    (["boot", "--hole", "1@0"], 2, "are not whole pages"),
    (["boot", "--device-mem", "1M"], 2,
     "--device-mem takes SIZE@START, not '1M'"),
    (["boot", "--device-mem", "1@0xd0000000"], 2, "are not whole pages"),
    (["boot", "--device-mem", "1M@0"], 2,
     "device memory 0 [mem 0x0-0xfffff] overlaps RAM [mem 0x0-0x9fbff]"),
    (["boot", "--device-mem", "1M@4G", "--device-mem", "1M@0x100080000"], 2,
     "[mem 0x100080000-0x10017ffff] overlaps device memory 0"),
    (["boot", "--device-mem", "8K@0xffffffffff000"], 2, "reach above 2^52"),
    (["boot", "--device-mem", "8K@0xfffffffffffff000"], 2,
     "reach above 2^52"),
    (["boot", "--e820", "/does/not/exist"], 2, "/does/not/exist: No such file"),
    (["boot", "--e820", "/"], 2, "/: Is a directory"),
    (["boot", "--e820", "EMPTY"], 2, "no memory map in it"),
    (["boot", "--e820", "BADLINE"], 2, ":1: \"0x1000-zz usable\": "),
    (["boot", "--e820", "RESERVED"], 1, "no usable RAM in the map"),
    (["boot", "--iomem", "EMPTY"], 2, "no memory map in it"),
    (["boot", "--srat", "EMPTY"], 2, "EMPTY"),
    (["boot", "--srat", "DATA/APIC.bin"], 2, "starts with \"APIC\""),
    (["boot", "--srat", "DATA/SRAT.bin", "--nodes", "2"], 2, "one of them"),
    (["boot", "--e820", "EMPTY", "--memory", "1G"], 2, "one of them, please"),
    (["boot", "--cat", "nothing"], 2, "nothing: No such file"),
    (["boot", "--sysctl", "vm.min_free_kbytes"], 2, "not NAME=VALUE"),
    (["boot", "--sysctl", "vm.nothing=1"], 2, "sys/vm/nothing: no such file"),
    (["boot", "--sysctl", "vm.dirty_ratio=101"], 2,
     "vm.dirty_ratio: 101 is not from 0 to 100"),
    (["boot", "--sysctl", "vm." + "x" * 200 + "=1"], 2, "name is too long"),
    (["boot", "--frobnicate"], 2, "unrecognized option"),
    (["boot", "extra"], 2, "'extra' belongs to no option"),
    (["boot", "--cmdline", "x" * 3000], 2, "command line of 3000 bytes"),
    (["fly"], 2, "no command 'fly'"),
    (["--fly"], 2, "'--fly' is no option before a command"),
    (["help", "fly"], 2, "no command 'fly'"),
    ([], 2, "usage: octavo"),
    (["procdir"], 2, "no directory"),
    (["procdir", "/proc/nothing/here"], 1, "/proc/nothing"),
]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, ok, detail=""):
        self.count += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}")
        if not ok:
            for line in detail.splitlines():
                print(f"# {line}")


def run(octavo, args):
    done = subprocess.run([octavo, *args], text=True, capture_output=True,
                          timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


def place(args, folder, data):
    """Arguments with the names of the test's files made real."""
    for name in ("EMPTY", "BADLINE", "RESERVED"):
        args = [a.replace(name, f"{folder}/{name}") for a in args]
    return [a.replace("DATA", data) for a in args]


def check_caches(tap, octavo):
    """Figures of caches are those of /proc/slabinfo, as JSON and as a tree."""
    status, out, err = run(octavo, ["boot", "--seed", "1", "--nodes", "2",
                                    "--cpus", "2", "--cat", "slabinfo",
                                    "--cat", "percpu_stats",
                                    "--json", "--tree"])
    rows, rest = {}, out[out.index("\n{") + 1:]
    stats = dict(re.findall(r"^  (\w+) +: +(\d+)$", out, re.M))
    for line in out[:out.index("Percpu Memory")].splitlines()[2:]:
        words = line.split()
        rows[words[0]] = [int(words[i]) for i in (1, 3, 4, 5, 14)]
    made, end = json.JSONDecoder().raw_decode(rest)
    said = {c["name"]: [c["used"], c["size_bytes"], c["per_slab"],
                        c["slab_pages"], c["slabs"]] for c in made["caches"]}
    tap.check("json: caches as /proc/slabinfo", status == 0 and rows and
              said == rows, f"{said}\n{rows}{err}")
    percpu = made["percpu"]
    tap.check("json: per-CPU objects as /proc/percpu_stats",
              [percpu[k] for k in ("unit_bytes", "static_bytes", "allocs",
                                   "objects", "object_bytes", "failed",
                                   "chunks")] ==
              [int(stats[k]) for k in ("unit_size", "static_size", "nr_alloc",
                                       "nr_cur_alloc", "cur_bytes",
                                       "nr_failed", "nr_chunks")],
              f"{percpu}\n{stats}")
    tap.check("json: pools", set(made["mempools"]) ==
              {"pools", "wanted", "kept"}, made["mempools"])
    tree = rest[end:]
    tap.check("tree: pools and per-CPU objects",
              "|-- pools: " in tree and "|-- per CPU: " in tree, tree)
    tap.check("tree: nodes, zones and caches with memory",
              tree.count("|-- node ") == 2 and "|   `-- zone DMA32 " in tree and
              tree.count("\n    `-- ") ==
              sum(row[4] != 0 for row in rows.values()), tree)


def check_good(tap, octavo):
    status, out, err = run(octavo, ["boot"])
    tap.check("boot says what it made", status == 0 and
              out.startswith("1 node, 1 CPU, ") and not err, out + err)
    status, out, err = run(octavo, ["boot", "--json", "--memory", "8G",
                                    "--nodes", "4", "--cpus", "8",
                                    "--hole", "1G@5G"])
    made = json.loads(out)
    tap.check("json: nodes", [n["node"] for n in made["nodes"]] == [0, 1, 2, 3],
              out)
    tap.check("json: each zone has spanned >= present >= managed >= free",
              all(z["spanned"] >= z["present"] >= z["managed"] >= z["free"]
                  for z in made["zones"]), out)
    tap.check("json: a hole of 1 GiB is missing",
              made["machine"]["ram_bytes"] in range(7 * 2**30 - 2**21, 7 * 2**30),
              out)
    status, out, err = run(octavo, ["boot", "--cat", "buddyinfo", "--cat",
                                    "/proc/zoneinfo", "--log"])
    tap.check("log and files", status == 0 and "Zone ranges:" in out and
              "Node 0, zone " in out and "spanned" in out, out + err)
    status, out, err = run(octavo, ["boot", "--memory", "1G", "--cmdline",
                                    "mem=128M numa=fake=2", "--json"])
    made = json.loads(out)
    tap.check("mem= and numa=fake= hold", len(made["nodes"]) == 2 and
              made["machine"]["ram_bytes"] <= 128 << 20, out + err)
    status, out, err = run(octavo, ["boot", "--sysctl",
                                    "vm.min_free_kbytes=8192", "--cat",
                                    "sys/vm/min_free_kbytes"])
    tap.check("--sysctl sets", status == 0 and out == "8192\n", out + err)
    check_caches(tap, octavo)
    for args in ["--help"], ["help"], ["help", "boot"], ["boot", "--help"], \
            ["procdir", "--help"]:
        status, out, err = run(octavo, args)
        tap.check(" ".join(args), status == 0 and not err and
                  ("--memory=SIZE" if len(args) > 1 else "procdir") in out,
                  out + err)
    status, out, err = run(octavo, ["boot", "--self"])
    tap.check("--self boots", status == 0, out + err)


def main():
    octavo, data = sys.argv[1], sys.argv[2] + "/6.1-amd64-numa2-4g"
    tap = Tap()
    check_good(tap, octavo)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("EMPTY", ""),
                           ("BADLINE", "0x1000-zz usable\n"),
                           ("RESERVED", "0x0-0xfffff reserved\n")):
            with open(os.path.join(folder, name), "w", encoding="ascii") as f:
                f.write(text)
        for args, expected, text in BAD:
            status, out, err = run(octavo, place(args, folder, data))
            shown = " ".join(args)[:60]
            tap.check(f"octavo {shown}", status == expected and text in err and
                      not out, f"status {status}, expected {expected}\n"
                      f"stdout: {out}\nstderr: {err}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
