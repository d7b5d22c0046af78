#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench_test.py BUILD: whether what `make bench` measures with works.

Every case on every back-end that is installed, with a handful of operations:
they are all done, none fails, nothing stays in use. Then what run.py writes,
and what it says of wrong names. Says nothing of time. Prints TAP.
"""
import json
import os
import subprocess
import sys
import tempfile

import hosted
import table

SAMPLES = 2
BLIND = "malloc", "limit-objects"   # they do not know what is in use
SMALL = 16384           # frames of memory in the tests of fragmentation
NR = 64                 # operations of a thread in a sample
ROW = {"group": str, "case": str, "backend": str, "unit": str,
       "value": (int, float), "wanted": (int, float, type(None)),
       "at_least": bool, "ratio_to": (str, type(None)), "raw": list,
       "min": (int, float), "ok": bool}


class Points:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, problem, skip=None):
        """@problem: what is wrong, or nothing."""
        self.count += 1
        self.failed += bool(problem)
        print(f"{'not ok' if problem else 'ok'} {self.count} - {name}"
              f"{f' # SKIP {skip}' if skip else ''}", flush=True)
        if problem:
            print(f"# {problem}")


def sample_problem(build, backend, case):
    """Runs a timed case; what is wrong with its figures and counts."""
    p = hosted.Process(build, backend, case, f"nr={NR}")
    p.round(SAMPLES)
    done, _, leaked = p.end()
    if len(p.raw) != 1 or not p.raw[0] > 0:
        return f"figures {p.raw}"
    # A disturbed sample of two threads was made again, as a whole.
    # Of objects, as many as there are places at least.
    nr = max(NR, case["places"] if case["object"] else 0)
    least = NR * case["threads"] * (SAMPLES + 1)
    if done < least or (hosted.family(case) not in ("mixed", "kmalloc-mixed")
                        and done % (nr * case["threads"])):
        return f"{done} operations done, not {least} or whole samples more"
    if backend.program_name not in BLIND and leaked:
        return f"{leaked} frames leaked"
    return None


def frag_problem(build, backend, case):
    p = hosted.Process(build, backend, case, f"frames={SMALL}", "seed=7")
    figures = p.figures()
    done, _, leaked = p.end()
    if len(figures) != 2 or not all(0 <= f <= 100 for f in figures):
        return f"not two percentages: {figures}"
    if not done or leaked:
        return f"{done} operations, {leaked} frames leaked"
    again = hosted.Process(build, backend, case, f"frames={SMALL}", "seed=7")
    if again.figures() != figures:
        return f"other figures for the same seed: {figures}"
    again.end()
    return None


def memory_problem(build, backend, case):
    p = hosted.Process(build, backend, case, f"nr={NR * 50}")
    growth, left = p.figures()
    done, _, leaked = p.end()
    # A heap that was there before may hold all of it.
    if growth < 0 or not 0 <= left <= 200:
        return f"{growth} times, {left}% left"
    if done != NR * 50 or leaked > 0:
        return f"{done} operations, {leaked} frames leaked"
    return None


def every_case(points, build):
    cases, backends = hosted.catalogue(build)
    for backend in backends:
        for case in cases:
            if backend.program_name not in case["backends"]:
                continue
            problem = {"frag": frag_problem, "memory": memory_problem,
                       None: sample_problem}[case["once"]]
            points.check(f"{backend.name}: {case['name']}",
                         problem(build, backend, case))
    for name in hosted.LIBRARIES:
        if name not in [b.name for b in backends]:
            points.check(f"{name}: all cases", None, skip="not installed")


def run_py(build, *args):
    return subprocess.run(
        [sys.executable, os.path.join(os.path.dirname(__file__), "run.py"),
         "--build", build, *args], text=True, capture_output=True)


def row_problem(row):
    for key, kind in ROW.items():
        if not isinstance(row.get(key), kind):
            return f"{key} is {row.get(key)!r}"
    if set(row) != set(ROW):
        return f"keys {sorted(row)}"
    if row["value"] not in row["raw"] and len(row["raw"]) % 2:
        return "the value is not the median of the runs"
    reached = row["wanted"] is None or (
        row["value"] >= row["wanted"] if row["at_least"]
        else row["value"] <= row["wanted"])
    return None if row["ok"] == reached else "ok is wrong"


def results(points, build):
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/new/results.json"
        done = run_py(build, "--quick", "--out", out, "array.*", "churn.x10",
                      "boot.64M.cpu")
        points.check("run.py ends with 0, or 1 for a missed target",
                     done.returncode not in (0, 1) and done.stderr)
        with open(out, encoding="utf-8") as f:
            written = json.load(f)
    found = written["rows"]
    points.check("results.json: every row has its shape", next(
        (f"{p}: {r}" for r in found if (p := row_problem(r))), None))
    cases = {r["case"] for r in found}
    expected = {"array.o0.t1", "array.o0.t2", "churn.x10", "boot.64M.cpu"}
    points.check("results.json: the cases that were asked for, and no other",
                 cases != expected and f"{cases}")
    points.check("the status says whether a target was missed",
                 done.returncode != int(not all(r["ok"] for r in found)) and
                 f"status {done.returncode}")
    points.check("the table has every case and back-end", next(
        (f"no {word!r} in\n{done.stdout}" for r in found
         for word in (r["case"], r["backend"]) if word not in done.stdout),
        None))


def tables(points):
    """A table of rows whose figures are known."""
    row = {"group": "g", "case": "c", "unit": "ns", "wanted": None,
           "at_least": False, "ratio_to": None, "ok": True, "min": 1}
    shown = []
    table.show([{**row, "backend": "octavo", "value": 12.5},
                {**row, "backend": "limit", "value": 2.5},
                {**row, "backend": "octavo", "value": 5.0, "unit": "x",
                 "wanted": 4, "ratio_to": "limit", "ok": False}],
               shown.append)
    expected = ["\ng",
                "case  unit  octavo  least  ratio  to      wanted        "
                "limit",
                "c     ns      12.5   1.00   5.00  limit  <= 4.00  MISS   "
                "2.50"]
    points.check("a missed target in a table", shown != expected and
                 repr(shown))


def errors(points, build):
    pages = f"{build}/bench/pages"
    usage = ("usage: pages list\n"
             "       pages run BACKEND CASE [nr=N] [seed=N] [frames=N]\n")
    for args, text in [
            (["run", "slab", "pair.o0.t1"],
             "pages: no back-end 'slab'; `pages list` has them\n"),
            (["run", "limit", "pair.o11.t1"],
             "pages: no case 'pair.o11.t1'; `pages list` has them\n"),
            (["run", "limit", "churn.x10"],
             "pages: limit cannot do case churn.x10\n"),
            (["run", "limit", "pair.o0.t1", "nr=1k"],
             "pages: 'nr=1k' is not nr=N, seed=N or frames=N\n"),
            ([], usage)]:
        done = subprocess.run([pages, *args], text=True, capture_output=True,
                              stdin=subprocess.DEVNULL)
        points.check(f"pages {' '.join(args)}: one exact line",
                     (done.returncode, done.stderr) != (2, text) and
                     f"{done.returncode} {done.stderr!r}")
    _, backends = hosted.catalogue(build)
    there = ", ".join(b.name for b in backends)
    for args, text in [
            (["pair.o0.t1", "pears.*"],
             "bench: no case matches 'pears.*'; --list has them all\n"),
            (["--backend", "slob", "pair.o0.t1"],
             f"bench: no back-end 'slob': there are {there}\n")]:
        done = run_py(build, *args)
        points.check(f"run.py {' '.join(args)}: one exact line",
                     (done.returncode, done.stderr) != (1, text) and
                     f"{done.returncode} {done.stderr!r}")


def main():
    build = sys.argv[1]
    points = Points()
    every_case(points, build)
    results(points, build)
    tables(points)
    errors(points, build)
    print(f"1..{points.count}")
    return 1 if points.failed else 0


if __name__ == "__main__":
    sys.exit(main())
