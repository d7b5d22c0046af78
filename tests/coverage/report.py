#!/usr/bin/env python3
"""report.py COVERAGE.json FOLDER...: llvm-cov's export, summed by folder.

A branch outcome counts as reached when any configuration reached it: the
same line is compiled for several memory models. For mm/early and mm/page each
outcome that no test reached is listed, by file and line.
"""
import collections
import json
import os
import sys

LIST = ("mm/early", "mm/page")


def merge(files, root):
    """path -> (lines {no: hit}, branches {(l, c, side): hit}, mcdc)."""
    out = {}
    for f in files:
        path = os.path.relpath(f["filename"], root)
        lines, branches, mcdc = out.setdefault(
            path, (collections.Counter(), collections.Counter(), {}))
        segs = f["segments"]
        for a, b in zip(segs, segs[1:]):
            if a[3] and not a[5]:
                for no in range(a[0], b[0] + (b[1] > 1)):
                    lines[no] += a[2]
        for br in f.get("branches", []):
            if br[8] != 4:
                continue
            branches[(br[0], br[1], True)] += br[4]
            branches[(br[0], br[1], False)] += br[5]
        for rec in f.get("mcdc_records", []):
            old = mcdc.get((rec[0], rec[1]), [False] * len(rec[-1]))
            mcdc[(rec[0], rec[1])] = [a or b for a, b in zip(old, rec[-1])]
    return out


def share(hit, total):
    return f"{hit}/{total} {100 * hit / total:.1f}%" if total else "-"


def main():
    data = json.load(open(sys.argv[1]))
    files = merge(data["data"][0]["files"], os.getcwd())
    print(f"{'folder':<12} {'lines':>18} {'branches':>18} {'MC/DC':>16}")
    missing = []
    for folder in sys.argv[2:]:
        sums = [0] * 6
        for path, (lines, branches, mcdc) in sorted(files.items()):
            if not path.startswith(folder + "/") or path.endswith(".h"):
                continue
            sums[0] += sum(1 for v in lines.values() if v)
            sums[1] += len(lines)
            sums[2] += sum(1 for v in branches.values() if v)
            sums[3] += len(branches)
            sums[4] += sum(sum(v) for v in mcdc.values())
            sums[5] += sum(len(v) for v in mcdc.values())
            if folder in LIST:
                for (line, col, side), v in sorted(branches.items()):
                    if not v:
                        missing.append(
                            f"{path}:{line}:{col} never {str(side).lower()}")
        print(f"{folder:<12} {share(sums[0], sums[1]):>18} "
              f"{share(sums[2], sums[3]):>18} {share(sums[4], sums[5]):>16}")
    print(f"\nbranch outcomes not reached in {' and '.join(LIST)}:"
          f" {len(missing)}")
    for line in missing:
        print(" ", line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
