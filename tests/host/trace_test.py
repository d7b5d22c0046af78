#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""trace_test.py OCTAVO DATA: tracing of machines in a process.

  formats     our events' format files are the recorded ones, byte by byte
              but for the ID; DATA is tests/data/6.12-amd64-numa2-1g
  trace-cmd   what it prints of our trace.dat is what our text says, field by
              field
  options, environment, and what is wrong with them

Writes TAP.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import trace_text

OCTAVO, DATA = sys.argv[1], pathlib.Path(sys.argv[2])
TRACING = "/sys/kernel/tracing"
points = []


def point(name, ok, text=""):
    points.append(ok)
    print(f"{'ok' if ok else 'not ok'} {len(points)} - {name}", flush=True)
    for line in [] if ok else str(text).splitlines()[-40:]:
        print("# " + line[:300])


def run(*args, **env):
    done = subprocess.run([OCTAVO, *args], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True,
                          env=dict(os.environ, **env))
    return done.returncode, done.stdout, done.stderr


def recorded_formats():
    """{system: {event: its format without the ID}} of Linux."""
    found = {}
    for path in (DATA / "event-formats").glob("*.txt"):
        parts = re.split(r"^(?=name: )", path.read_text(), flags=re.M)
        for text in filter(None, parts):
            name = re.match(r"name: (\w+)", text).group(1)
            found.setdefault(path.stem, {})[name] = \
                re.sub(r"^ID: \d+$", "ID:", text, flags=re.M)
    return found


def part_formats():
    recorded = recorded_formats()
    with tempfile.TemporaryDirectory() as d:
        status, _, err = run("procdir", d)
        point("files are written", status == 0, err)
        events = pathlib.Path(d + TRACING + "/events")
        ours = {p.parent.relative_to(events): p.read_text()
                for p in events.glob("*/*/format")}
    ids = set()
    for path, text in sorted(ours.items()):
        system, event = path.parts
        ids.add(re.search(r"^ID: (\d+)$", text, re.M).group(1))
        text = re.sub(r"^ID: \d+$", "ID:", text, flags=re.M)
        expected = recorded.get(system, {}).get(event, "not recorded")
        point(f"format of {system}:{event}", text == expected,
              f"ours:\n{text}\nrecorded:\n{expected}")
    point("each event has an ID of its own", len(ids) == len(ours))
    wanted = {"kmem", "vmalloc", "percpu", "page_isolation", "oom", "vmscan"}
    point("all systems are there",
          {p.parts[0] for p in ours} == wanted, sorted(ours))
    missing = {e for e in recorded["kmem"] if e != "rss_stat"} - \
        {p.parts[1] for p in ours}
    point("no event of kmem but rss_stat is missing", not missing, missing)


def part_trace_cmd():
    why = trace_text.trace_cmd_missing()
    if why:
        points.append(True)
        print(f"ok {len(points)} - trace-cmd # SKIP {why}")
        return
    with tempfile.TemporaryDirectory() as d:
        dat = d + "/t.dat"
        status, text, err = run(
            "boot", "--memory=64M", "--nodes=2", "--cpus=4",
            "--cmdline=trace_buf_size=256K", "--trace=all",
            f"--trace-output={dat}", "--tour", "--cat", TRACING + "/trace")
        point("a machine is traced", status == 0, err)
        # Reading the text is traced, so the file goes on where it ends.
        ours = trace_text.ours(text)
        report, complaints = trace_text.report(dat)
        point("trace-cmd reads the file", report and not complaints,
              complaints)
        same, differ = trace_text.compare(ours, report)
        point("event by event, field by field they say the same", not differ
              and same > 5000, f"{same} of {len(ours)} and {len(report)}\n" +
              "\n".join(differ[:20]))
        events = {r[4] for r in ours}
        point("pages and objects are among them", len(events) >= 8, events)
        # More than rings hold: trace-cmd is told what is missing.
        status, _, err = run("boot", "--memory=64M", "--cpus=2", "--trace=kmem",
                             "--cmdline=trace_buf_size=64K", "--tour",
                             f"--trace-output={dat}")
        done = subprocess.run(["trace-cmd", "report", "-N", "-i", dat],
                              capture_output=True, text=True)
        point("records that are missing are told of", status == 0 and
              re.search(r"CPU:\d+ \[\d+ EVENTS DROPPED\]", done.stdout), err)


def part_options():
    status, text, err = run("boot", "--trace=kmem:kmalloc,percpu")
    point("the trace goes to the standard output", status == 0 and
          " kmalloc: call_site=" in text and "mm_page_alloc" not in text, err)
    status, _, err = run("boot", "--trace=kmem,nix")
    point("an unknown event", status == 2 and
          'there is no event "nix"' in err and
          len(err.splitlines()) == 1, err)
    status, _, err = run("boot", "--trace=kmem", "--trace=kmem")
    point("given twice", status == 2 and "given twice" in err, err)
    status, _, err = run("boot", "--trace=kmem",
                         "--trace-output=/nowhere/t.dat")
    point("a file that cannot be written", status == 1 and
          "/nowhere/t.dat: No such file" in err, err)
    status, text, _ = run("boot", "--log", "--cmdline=trace_event=kmem:nix "
                          "trace_buf_size=1x")
    point("kernel parameters that are wrong", status == 0 and
          'trace_event=kmem:nix: there is no event "kmem:nix"' in text and
          "trace_buf_size=1x is no size that a ring can have: ignored" in text,
          text)


def part_environment():
    with tempfile.TemporaryDirectory() as d:
        status, out, err = run("boot", OCTAVO_TRACE="kmem:mm_page_alloc",
                               OCTAVO_TRACE_FILE=d + "/t.txt")
        text = pathlib.Path(d + "/t.txt").read_text()
        point("text by the environment", status == 0 and not err and
              "mm_page_alloc: page=" in text and "kmalloc:" not in text, err)
        status, out, err = run("boot", OCTAVO_TRACE="percpu,kmem",
                               OCTAVO_TRACE_FILE=d + "/t.dat")
        magic = pathlib.Path(d + "/t.dat").read_bytes()[:12]
        point("a trace.dat by the environment", status == 0 and not err and
              magic == b"\x17\x08\x44tracing6\0"[:12], err)
        status, out, err = run("boot", OCTAVO_TRACE="kmem:nix")
        point("an unknown event in the environment", status == 0 and
              err == 'octavo: OCTAVO_TRACE=kmem:nix: there is no event '
              '"kmem:nix"\n', err)
        status, out, err = run("boot", OCTAVO_TRACE="kmem",
                               OCTAVO_TRACE_FILE="/nowhere/t")
        point("a file of the environment that cannot be written",
              status == 0 and
              err == "octavo: OCTAVO_TRACE_FILE=/nowhere/t: error -2\n", err)


part_formats()
part_trace_cmd()
part_options()
part_environment()
print(f"1..{len(points)}")
sys.exit(0 if all(points) else 1)
