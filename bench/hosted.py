# SPDX-License-Identifier: MIT
"""Allocators side by side, in processes: build/bench/pages.

What is compared: the time until a block of 4096 << order bytes, aligned to
its size, is there, and until it is given back. `limit` is a stack of page
numbers for each thread, `limit+struct` the same with the struct page that an
allocator must look after, `lifo` a small buddy of Linux's shape with per-CPU
lists. The others are malloc libraries, through aligned_alloc(): they keep no
struct pages, but may give memory back to the system, and then pay for page
faults where the case has pages zeroed or touched. Zeroing is the back-end's
for Octavo (__GFP_ZERO) and memset for all others, limits included.

Of objects, `limit-objects` is an array of pointers for each thread and size
class behind two calls; the others are malloc() and free(). A case is to be no
slower than a multiple of the limit, or of the fastest peer of its row, which
`best` stands for.

Each back-end is a process of its own (main.c tells the protocol). All cases
of a family are measured in turn: in each round every process takes one
sample to warm up and a few that count, whose median is the round's figure.
Ratios are taken round by round, so that noise meets both sides.
"""
import collections
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

import rows

# case, what it is a multiple of (back-end or case), at most
TARGETS = [
    ("pair.o0.t1", "limit+struct", 4),
    ("pair.o0.t2", "pair.o0.t1", 1.15),
    ("pair.o3.t1", "pair.o0.t1", 1.3),
    ("pair.o9.t1", "pair.o0.t1", 1.3),
    ("bulk-alloc.o0.t1", "limit+struct", 3),
    ("bulk-free.o0.t1", "limit+struct", 4),
    ("bulk-free-random.o0.t1", "limit+struct", 2),
    ("bulk-alloc.o0.t2", "bulk-alloc.o0.t1", 1.3),
    ("bulk-alloc.o0.t2", "limit+struct", 2),
    ("remote-free.o0.t2", "remote-free.o0.t1", 1.3),
    ("remote-free.o0.t2", "limit+struct", 2),
]
LIMIT_OBJECTS = "limit-objects"
BEST = "best"           # the peer whose median is the least
# the start of a case's name: what it is a multiple of, at most
OBJECT_TARGETS = [
    ("kmalloc-pair.", [(LIMIT_OBJECTS, 1.3), (BEST, 1)]),
    ("cache-pair.", [(LIMIT_OBJECTS, 1.3), (BEST, 1)]),
    ("kmalloc-batch.", [(BEST, 1.1)]),
    ("cache-batch.", [(BEST, 1.1)]),
    ("kmalloc-mixed.", [(BEST, 1)]),
    ("kmalloc-remote.", [("mimalloc", 0.5)]),
]
LIMIT_ADDRESSES = "limit-addresses"
ADDRESS_TREE = "address-tree"
# With 1000 live, a tenth of what Linux's tree takes where the limit takes 1.1
# ns: 325 ns, and two threads 3319.
ADDRESS_TARGETS = [
    ("address-pair.1000.t1", [(LIMIT_ADDRESSES, 30), (ADDRESS_TREE, None)]),
    ("address-replace.1000.t1", [(LIMIT_ADDRESSES, 30), (ADDRESS_TREE, None)]),
    ("address-pair.1000.t2", [(LIMIT_ADDRESSES, 300), (ADDRESS_TREE, 0.1)]),
    ("address-replace.1000.t2", [(LIMIT_ADDRESSES, 300), (ADDRESS_TREE, 0.1)]),
    ("address-", [(LIMIT_ADDRESSES, None), (ADDRESS_TREE, None)]),
]
GROWTH_TARGET = 1.12    # bytes in use over bytes asked for
LEFT_TARGET = 25        # percent of the peak
FRAG_TARGET = 95        # percent, at least, ten times turned over
HEAP_NR = 65536            # pages that a heap is asked for at once: 256 MiB
MIN_ROUNDS = 3          # however long they take
# Packages of peers: name -> library.
LIBRARIES = {
    "jemalloc": "libjemalloc.so.2",
    "mimalloc": "libmimalloc.so.2",
    "tcmalloc": "libtcmalloc_minimal.so.4",
}


def library(name):
    """The path of a shared library, or None."""
    tool = shutil.which("ldconfig") or "/sbin/ldconfig"
    text = subprocess.run([tool, "-p"], text=True, capture_output=True,
                          check=True).stdout
    found = re.search(rf"^\s*{re.escape(name)}\S* .*=> (\S+)$", text, re.M)
    return found and found.group(1)


class Backend:
    """A name in the table, and how its process is started."""

    def __init__(self, name, program_name, preload=None):
        self.name = name
        self.program_name = program_name
        self.env = dict(os.environ, **({"LD_PRELOAD": preload}
                                       if preload else {}))


def catalogue(build):
    """What the program can do, and the back-ends that are installed."""
    done = subprocess.run([f"{build}/bench/pages", "list"], text=True,
                          capture_output=True, check=True)
    listed = json.loads(done.stdout)
    backends = [Backend(b["name"], b["name"]) for b in listed["backends"]
                if not b["system"]]
    system = next(b["name"] for b in listed["backends"] if b["system"])
    backends.append(Backend("glibc", system))
    for name, file in LIBRARIES.items():
        path = library(file)
        if path:
            backends.append(Backend(name, system, path))
        else:
            print(f"bench: {name} is left out, no {file}")
    return listed["cases"], backends


class Process:
    """One back-end that measures one case, on request."""

    def __init__(self, build, backend, case, *args):
        self.backend, self.case = backend, case
        self.proc = subprocess.Popen(
            [f"{build}/bench/pages", "run", backend.program_name,
             case["name"], *args], env=backend.env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.raw = []       # a figure a round

    def figures(self):
        line = self.proc.stdout.readline()
        if not line:
            sys.exit(f"bench: {self.backend.name} died in "
                     f"{self.case['name']}, status {self.proc.wait()}")
        return [float(v) for v in line.split()]

    def round(self, samples):
        self.proc.stdin.write(f"{samples + 1}\n")
        self.proc.stdin.flush()
        self.raw.append(statistics.median(self.figures()[1:]))

    def end(self):
        """Operations, failed ones and leaked frames, as it says itself."""
        self.proc.stdin.close()
        out = self.proc.stdout.read()
        self.proc.stdout.close()
        self.proc.wait()
        found = re.search(r"^done (\d+) bad (\d+) leaked (-?\d+)$", out, re.M)
        if not found or self.proc.returncode:
            sys.exit(f"bench: {self.backend.name} ended badly in "
                     f"{self.case['name']}, status {self.proc.returncode}")
        done, bad, leaked = map(int, found.groups())
        if bad or leaked > 0:
            sys.exit(f"bench: {self.backend.name} in {self.case['name']}: "
                     f"{bad} of {done} operations failed, "
                     f"{leaked} frames leaked")
        return done, bad, leaked


def family(case):
    return case["name"].split(".")[0].removesuffix("-unmovable")


def group(name):
    if name.startswith(("kmalloc", "cache")):
        return "objects"
    if name.startswith("address"):
        return "kernel addresses"
    return {"zero": "pages, zeroed", "touch": "pages, touched by the caller"
            }.get(name, "pages")


def targets_of(case):
    """[(what the case is a multiple of, at most)]"""
    for start, targets in OBJECT_TARGETS + ADDRESS_TARGETS:
        if case.startswith(start):
            return targets
    return [(to, most) for c, to, most in TARGETS if c == case] or \
        [("limit+struct", None)]


def fastest_peer(raw, case):
    """The name of the back-end that `best` stands for, or None."""
    peers = [b for c, b in raw if c == case and
             b not in ("octavo", LIMIT_OBJECTS)]
    return min(peers, key=lambda b: statistics.median(raw[case, b]),
               default=None)


def time_rows(name, processes):
    """The rows of a family: figures, then ratios to the limit and targets."""
    raw = {(p.case["name"], p.backend.name): p.raw for p in processes}
    group_name = group(name)
    found = [rows.median_row(group_name, case, backend, "ns", values)
             for (case, backend), values in raw.items()]
    for case in dict.fromkeys(p.case["name"] for p in processes):
        ours = raw.get((case, "octavo"))
        for to, most in targets_of(case):
            if to == BEST:
                to = fastest_peer(raw, case)
            other = raw.get((case, to)) or raw.get((to, "octavo"))
            if ours and other:
                found.append(rows.ratio_row(group_name, case, "octavo", ours,
                                            other, to, wanted=most))
    return found


def size_args(case, backend):
    """Heaps write to what they hand out, and all processes live at once."""
    if backend.program_name != "malloc" or case["nr"] <= HEAP_NR or \
            case["object"]:
        return []
    return [f"nr={HEAP_NR}"]


def run_family(build, name, pairs, args):
    """Rounds over all processes of a family, until its time is used up."""
    processes = [Process(build, b, c, *size_args(c, b)) for c, b in pairs]
    start = time.monotonic()
    for done in range(args.rounds):
        if done >= MIN_ROUNDS and time.monotonic() - start > args.seconds:
            break
        for p in processes:
            p.round(args.samples)
    for p in processes:
        p.end()
    return time_rows(name, processes)


def run_frag(build, _name, pairs, args):
    """Fragmentation: a process for each seed."""
    found = []
    for case, backend in pairs:
        raw = []
        for seed in range(1, args.seeds + 1):
            p = Process(build, backend, case, f"seed={seed}")
            raw.append(p.figures())
            p.end()
        target = FRAG_TARGET if case["name"].endswith(".x10") and \
            backend.name == "octavo" else None
        listed, drained = zip(*raw)
        found += [
            rows.median_row("frag", case["name"], backend.name, "%",
                            list(listed), wanted=target, at_least=True),
            rows.median_row("frag", case["name"], f"{backend.name} drained",
                            "%", list(drained))]
    return found


def run_memory(build, _name, pairs, args):
    """Memory that objects take: a process for each seed."""
    found = []
    for case, backend in pairs:
        raw = []
        for seed in range(1, args.seeds + 1):
            p = Process(build, backend, case, f"seed={seed}")
            raw.append(p.figures())
            p.end()
        ours = backend.name == "octavo"
        growth, left = zip(*raw)
        found += [
            rows.median_row("objects, memory", f"{case['name']}.growth",
                            backend.name, "times", list(growth),
                            wanted=GROWTH_TARGET if ours else None),
            rows.median_row("objects, memory", f"{case['name']}.left",
                            backend.name, "%", list(left),
                            wanted=LEFT_TARGET if ours else None)]
    return found


def names(build):
    cases, _ = catalogue(build)
    return [c["name"] for c in cases]


def pairs_wanted(cases, backends, args):
    """family -> [(case, backend)], with the cases that ratios refer to."""
    needed = {c["name"] for c in cases if args.selected(c["name"])}
    needed |= {to for c, to, _ in TARGETS if c in needed and "." in to}
    found = collections.OrderedDict()
    for c in cases:
        for b in backends:
            if c["name"] in needed and b.program_name in c["backends"] and \
                    (not args.backend or b.name in args.backend):
                found.setdefault(family(c), []).append((c, b))
    return found


def run(build, args):
    cases, backends = catalogue(build)
    known = [b.name for b in backends]
    for name in args.backend or []:
        if name not in known:
            sys.exit(f"bench: no back-end {name!r}: there are "
                     f"{', '.join(known)}")
    found = []
    for name, pairs in pairs_wanted(cases, backends, args).items():
        measure = {"frag": run_frag, "memory": run_memory,
                   None: run_family}[pairs[0][0]["once"]]
        found += measure(build, name, pairs, args)
        print(f"bench: {name} is measured", file=sys.stderr, flush=True)
    return found
