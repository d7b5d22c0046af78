# SPDX-License-Identifier: MIT
"""Lines of ftrace's text, ours and those of `trace-cmd report`, as records
that can be compared: for trace_test.py and tests/boot/trace_boot_test.py."""
import os
import re
import shutil
import subprocess

OURS = re.compile(r"^\s*(?P<comm>.{1,16})-(?P<pid>\d+)\s+\[(?P<cpu>\d+)\] "
                  r"(?P<flags>[.dnhHszZ0-9a-f]{5})\s+"
                  r"(?P<sec>\d+)\.(?P<frac>\d{6}): (?P<event>\w+): "
                  r"(?P<fields>.*)$")
THEIRS = re.compile(r"^\s*(?P<comm>.{1,16})-(?P<pid>\d+)\s+\[(?P<cpu>\d+)\]\s+"
                    r"(?P<sec>\d+)\.(?P<frac>\d{9}): (?P<event>\w+):\s+"
                    r"(?P<fields>.*)$")


def trace_cmd_missing():
    """Why there is nothing to compare with; None: there is."""
    if shutil.which("trace-cmd"):
        return None
    if os.geteuid() == 0:
        return None  # make test has installed it, or should have
    return "trace-cmd is not installed"


def value(text):
    """A number as such; a symbol without its length; other text as it is."""
    if text in ("(nil)", ""):
        return 0
    if re.fullmatch(r"[0-9a-f]{16}", text):
        return int(text, 16)
    if re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", text):
        return int(text, 0)
    return re.sub(r"(\+0x[0-9a-f]+)/0x[0-9a-f]+$", r"\1", text)


def fields(text):
    """`page` is left out: trace-cmd, which does not know where struct pages
    are or how large, makes another number of the frame's."""
    pairs = re.findall(r"([\w-]+)[=:] ?(\S*)", text)
    return {k: value(v) for k, v in pairs if k != "page"}


def record(m):
    return (m["comm"].strip(), int(m["pid"]), int(m["cpu"]),
            m["sec"] + m["frac"][:6], m["event"], fields(m["fields"]))


def ours(text):
    return [record(m) for m in map(OURS.match, text.splitlines()) if m]


def report(path):
    """Records that trace-cmd finds in a file, and what it complains of."""
    done = subprocess.run(["trace-cmd", "report", "-N", "-t", "-i", path],
                          capture_output=True, text=True)
    found, odd = [], done.stderr.splitlines()
    for line in done.stdout.splitlines():
        m = THEIRS.match(line)
        if m:
            found.append(record(m))
        elif not re.match(r"cpus=\d+$|CPU \d+ is empty$|"
                          r"CPU:\d+ \[\d+ EVENTS DROPPED\]$", line):
            odd.append(line)
    return found, "\n".join(odd)


ALIKE = 8   # records in a row that are the same are the same records


def compare(a, b):
    """Records of text @a that the file @b, which was written later, has too:
    how many, and those that differ. Those of one CPU are in order, of several
    with the same time in any; the oldest may be gone from the file."""
    same, differ = 0, []
    for cpu in sorted({r[2] for r in a}):
        x, y = ([r for r in side if r[2] == cpu] for side in (a, b))
        n = min(ALIKE, len(y))
        start = next((i for i in range(len(x)) if x[i:i + n] == y[:n]), None)
        if start is None:
            differ.append(f"CPU {cpu}: nothing is the same; the first:\n"
                          f"text: {x[0]}\nfile: {y[0] if y else None}")
            continue
        for one, other in zip(x[start:], y):
            same += one == other
            if one != other:
                differ.append(f"text: {one}\nfile: {other}")
    return same, differ
