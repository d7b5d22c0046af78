#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run one test program under a time limit and write flat TAP.

usage: tap.py [--timeout SECONDS] [--name NAME] COMMAND [ARGUMENT...]

The program writes TAP, or KTAP as KUnit has it: suites, with their cases
indented below them. Each case becomes one test point, `suite.case`. A program
that dies, runs out of time, has fewer points than its plan says or fails
without saying where gets a failing point of its own, with the end of what it
wrote and the command that runs it again.
"""
import argparse
import os
import re
import shlex
import signal
import subprocess
import sys

POINT = re.compile(r"^(\s*)(ok|not ok) (\d+)(?:\s+-)?\s*(.*?)\s*$")
PLAN = re.compile(r"^(\s*)1\.\.(\d+)")
SUBTEST = re.compile(r"^\s+# Subtest: (.*)$")
END_SHOWN = 60      # lines of a program that went wrong


class Report:
    """Flat TAP on stdout."""

    def __init__(self):
        self.points = 0
        self.failed = 0

    def point(self, ok, name):
        self.points += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.points} - {name}", flush=True)

    def note(self, text):
        for line in text.splitlines():
            print(f"# {line}", flush=True)


class Reader:
    """Reads (K)TAP line by line; knows what is still owed to each plan."""

    def __init__(self, report):
        self.report = report
        self.suite = None       # of the cases that are being read
        self.owed = {}          # indent -> points that the plan still expects
        self.had_plan = False
        self.cases = 0          # of the suite

    def line(self, line):
        subtest = SUBTEST.match(line)
        plan = PLAN.match(line)
        point = POINT.match(line)
        if subtest:
            self.suite, self.cases = subtest.group(1), 0
        elif plan:
            self.had_plan = True
            # A plan may also come after its points.
            indent = len(plan.group(1))
            self.owed[indent] = self.owed.get(indent, 0) + int(plan.group(2))
        elif point:
            self.point(len(point.group(1)), point.group(2) == "ok",
                       point.group(4))
        elif line.lstrip().startswith("#"):
            self.report.note(line.strip().lstrip("# "))

    def point(self, indent, ok, name):
        self.owed[indent] = self.owed.get(indent, 0) - 1
        if indent:
            self.cases += 1
            self.report.point(ok, f"{self.suite}.{name}")
            return
        if not self.suite:          # plain TAP
            self.report.point(ok, name)
        else:
            missing = self.owed.get(4, 0)
            if missing:
                self.report.point(False, f"{self.suite}: {missing} cases of "
                                         "its plan are missing")
            elif not ok and not self.cases:
                self.report.point(False, f"{self.suite}: failed without cases")
        self.suite = None
        self.owed.pop(4, None)

    def missing(self):
        """What the program still owed when it ended, or None."""
        if not self.had_plan:
            return "no plan"
        left = {i: n for i, n in self.owed.items() if n}
        if not left:
            return None
        where = f" in suite {self.suite}" if self.suite else ""
        return f"{sum(left.values())} points of the plan are missing{where}"


def describe(status):
    """How a program ended, or None when it ended well."""
    if status is None:
        return "ran out of time"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"ended with {status}" if status else None


def run(command, timeout, reader):
    """Runs it, feeding the reader; its status (None: killed) and last lines."""
    proc = subprocess.Popen(command, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    signal.signal(signal.SIGALRM, lambda *_: proc.kill())
    signal.alarm(timeout)
    last = []
    for raw in proc.stdout:
        line = raw.decode("utf-8", "replace").rstrip("\n")
        last = (last + [line])[-END_SHOWN:]
        reader.line(line)
    status = proc.wait()
    timed_out = status == -signal.SIGKILL and signal.alarm(0) == 0
    return (None if timed_out else status), last


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--timeout", type=int, default=60)
    parser.add_argument("--name", default=None)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    if args.command[:1] == ["--"]:
        args.command.pop(0)
    if os.path.exists(args.command[0]):
        args.command[0] = os.path.abspath(args.command[0])
    name = args.name or args.command[0].rsplit("/", 1)[-1]

    print("TAP version 13", flush=True)
    report = Report()
    reader = Reader(report)
    try:
        status, last = run(args.command, args.timeout, reader)
    except OSError as e:
        report.point(False, f"{name}: cannot be run: {e.strerror}")
        print(f"1..{report.points}")
        return 1
    failed_before = report.failed
    how, missing = describe(status), reader.missing()
    # Status 1 after failing points is how a program says that they failed.
    if missing or (how and not (status == 1 and failed_before)):
        reasons = ", ".join(r for r in (how, missing) if r)
        report.point(False, f"{name}: {reasons}")
        report.note("\n".join(last))
    if report.failed:
        report.note(f"replay: {shlex.join(args.command)}")
    print(f"1..{report.points}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
