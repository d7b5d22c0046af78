#!/usr/bin/env python3
"""report.py COVERAGE.json FOLDER...: llvm-cov's export, summed by folder.

A branch is a condition in the source: each has two outcomes. The same line is
compiled for several memory models, and an outcome counts as reached when any
of them reached it. A branch that a macro brings counts at each place where the
macro is used. No branches are: conditions inside an assertion (BUG_ON calls a
function in this build), and constants, such as the 0 of do { } while (0).

For mm/early and mm/page each outcome that no test reached is listed.
"""
import collections
import json
import os
import re
import sys

LIST = ("mm/early", "mm/page")
EXPANSION = 1           # kinds of llvm-cov's regions
ASSERTION = re.compile(r"\b(?:VM_)?(?:BUG_ON|BUG_ON_PAGE)\(")
# 64-bit ports have no high memory: PageHighMem() is false there.
CONSTANT = re.compile(r"\(*(?:0|1|true|false|__[a-z]*:0)\)*$|"
                      r"!?PageHighMem\b|\(\(void\)\(page\), false\)")


class Source:
    """The text of one file, and where its assertions are."""

    def __init__(self, path):
        with open(path) as f:
            self.text = f.read()
        self.starts = [0]
        for m in re.finditer("\n", self.text):
            self.starts.append(m.end())
        self.asserted = []
        for m in ASSERTION.finditer(self.text):
            depth, at = 1, m.end()
            while depth and at < len(self.text):
                depth += {"(": 1, ")": -1}.get(self.text[at], 0)
                at += 1
            self.asserted.append((m.start(), at))

    def at(self, line, col):
        return self.starts[line - 1] + col - 1

    def in_assertion(self, line, col):
        pos = self.at(line, col)
        return any(a <= pos < b for a, b in self.asserted)

    def piece(self, region):
        return self.text[self.at(*region[0:2]):self.at(*region[2:4])]


class Report:
    def __init__(self, data, root):
        self.root = root
        self.sources = {}
        self.lines = collections.defaultdict(collections.Counter)
        self.branches = collections.defaultdict(collections.Counter)
        self.mcdc = collections.defaultdict(dict)
        for f in data["files"]:
            self.add_file(f)
        for f in data["functions"]:
            self.add_function(f)

    def source(self, path):
        if path not in self.sources:
            self.sources[path] = Source(path)
        return self.sources[path]

    def add_file(self, f):
        path = os.path.relpath(f["filename"], self.root)
        segs = f["segments"]
        for a, b in zip(segs, segs[1:]):
            if a[3] and not a[5]:
                for no in range(a[0], b[0] + (b[1] > 1)):
                    self.lines[path][no] += a[2]
        for rec in f.get("mcdc_records", []):
            place = (rec[0], rec[1])
            old = self.mcdc[path].get(place, [False] * len(rec[-1]))
            self.mcdc[path][place] = [a or b for a, b in zip(old, rec[-1])]

    def add_function(self, f):
        names, parent = f["filenames"], {}
        for r in f["regions"]:
            if r[7] == EXPANSION:
                parent[r[6]] = (r[5], r[0], r[1])
        for br in f["branches"]:
            self.add_branch(names, parent, br)

    def add_branch(self, names, parent, br):
        """Books a branch at the outermost place that it comes from."""
        fid, line, col = br[6], br[0], br[1]
        if CONSTANT.match(self.source(names[fid]).piece(br)):
            return
        chain = [(names[fid], line, col)]
        if self.source(names[fid]).in_assertion(line, col):
            return
        while fid in parent:
            fid, line, col = parent[fid]
            if self.source(names[fid]).in_assertion(line, col):
                return
            chain.append((names[fid], line, col))
        path = os.path.relpath(names[fid], self.root)
        within = tuple(chain[:-1])
        hits = self.branches[path]
        hits[(line, col, within, True)] += br[4]
        hits[(line, col, within, False)] += br[5]


def share(hit, total):
    return f"{hit}/{total} {100 * hit / total:.1f}%" if total else "-"


def hits(counters):
    return (sum(1 for c in counters for v in c.values() if v),
            sum(len(c) for c in counters))


def missing(report, folder):
    for path in sorted(report.branches):
        if not path.startswith(folder + "/"):
            continue
        for (line, col, within, side), v in sorted(
                report.branches[path].items()):
            if not v:
                macro = "".join(
                    f" ({os.path.relpath(p, report.root)}:{no})"
                    for p, no, _ in within[:1])
                yield f"{path}:{line}:{col} never {str(side).lower()}{macro}"


def main():
    with open(sys.argv[1]) as f:
        report = Report(json.load(f)["data"][0], os.getcwd())
    print(f"{'folder':<12} {'lines':>18} {'branches':>18} {'MC/DC':>16}")
    for folder in sys.argv[2:]:
        def of(table):
            return [v for p, v in table.items()
                    if p.startswith(folder + "/") and not p.endswith(".h")]
        pairs = [v for f in of(report.mcdc) for v in f.values()]
        print(f"{folder:<12} {share(*hits(of(report.lines))):>18} "
              f"{share(*hits(of(report.branches))):>18} "
              f"{share(sum(map(sum, pairs)), sum(map(len, pairs))):>16}")
    lost = [line for folder in LIST for line in missing(report, folder)]
    print(f"\nbranch outcomes not reached in {' and '.join(LIST)}:"
          f" {len(lost)}")
    for line in lost:
        print(" ", line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
