#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""trace_boot_test.py --build DIR: a booted kernel that was told to trace from
its start (trace_event=), and at its console; what it dumps to its second
serial port (trace_dump=) is read by trace-cmd, and is what its own text says.
Writes TAP."""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "host"))
import trace_text

points = []


def point(name, ok, text=""):
    points.append(ok)
    print(f"{'ok' if ok else 'not ok'} {len(points)} - {name}", flush=True)
    for line in [] if ok else str(text).splitlines()[-40:]:
        print("# " + line[:300])


def boot(build, append, dat, typed):
    """What the kernel says when @typed is what comes over its console, whose
    first character is lost when the port is set up."""
    command = ["qemu-system-x86_64", "-accel", "tcg", "-display", "none",
               "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
               "-M", "q35", "-m", "256M", "-smp", "2",
               "-kernel", f"{build}/octavo-x86_64.bzImage",
               "-serial", "stdio", "-serial", f"file:{dat}",
               "-append", "console=ttyS0 " + append]
    with subprocess.Popen(command, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True,
                          errors="replace") as qemu:
        try:
            text, _ = qemu.communicate("\r" + typed, timeout=120)
        except subprocess.TimeoutExpired:
            qemu.kill()
            text = qemu.communicate()[0] + "\nno end within 120 s"
    return qemu.returncode, text.replace("\r", "")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--build", required=True)
    build = args.parse_args().build
    with tempfile.TemporaryDirectory() as d:
        dat = d + "/boot.dat"
        status, text = boot(
            build, "trace_event=kmem,percpu trace_buf_size=512K "
            "trace_dump=ttyS1", dat,
            "alloc 0 64\rfree all\r"
            "echo 0 > /sys/kernel/tracing/tracing_on\r"
            "trace stat\rtrace show\rpoweroff\r")
        point("the kernel ends in order", status == 33, text)
        ours = trace_text.ours(text)
        point("its console shows the trace", len(ours) > 100 and
              "# tracer: nop\n" in text and "# entries-in-buffer" in text,
              f"{len(ours)}\n{text}")
        point("and counters", "entries: " in text and
              re.search(r"^overrun: 0$", text, re.M), text)
        why = trace_text.trace_cmd_missing()
        if why:
            print(f"ok {len(points) + 1} - trace-cmd # SKIP {why}")
            points.append(True)
        else:
            report, complaints = trace_text.report(dat)
            point("trace-cmd reads what was dumped", len(report) > 100 and
                  not complaints, complaints)
            same, differ = trace_text.compare(ours, report)
            point("the file has what the text has", not differ and
                  same == len(ours), f"{same} of {len(ours)}\n" +
                  "\n".join(differ[:10]))
            sites = {r[5]["call_site"] for r in report
                     if "call_site" in r[5]}
            point("call sites have names", sites and
                  all(re.match(r"[a-zA-Z_]\w*(\.\w+)*\+0x", str(s))
                      for s in sites), sites)
        status, text = boot(
            build, "trace_event=kmem:nix trace_dump=ttyS9", dat,
            "trace on nix\rtrace on kmem:kfree\rtrace list\rtrace size 3\r"
            "trace dump\rtrace foo\rtrace off\rtrace free\rpoweroff\r")
        point("wrong words are named", all(s in text for s in (
            'trace_event=kmem:nix: there is no event "kmem:nix"',
            "trace_dump=ttyS9 is no serial port such as ttyS1: ignored",
            'trace: there is no event "nix"', "* kmem:kfree\n",
            "  kmem:kmalloc\n", "trace: 3: no size that a ring can have",
            "trace: no place to dump to: start with trace_dump=ttyS1",
            "usage: trace on|off")) and status == 33, text)
    print(f"1..{len(points)}")
    return 0 if all(points) else 1


sys.exit(main())
