#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The booted kernel's bench, and the module that makes Linux its peer.

usage: bench_test.py --build DIR [--backend NAME]

Boots with `bench=quick`, at the processor's own pace, and looks for each case
and for the pages and objects of the end, which are those of the start. Figures are
not looked at: they count instructions only in `make bench`. Then builds the
module against the newest kernel headers, if there are any. Writes TAP.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../../bench"))
sys.dont_write_bytecode = True
import kernel  # noqa: E402  bench/kernel.py

TIMEOUT = 120       # seconds, on a loaded machine


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, good, name, detail=""):
        self.count += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, name))
        for line in [] if good else detail.splitlines()[-20:]:
            print("# %s" % line)

    def skip(self, name, reason):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, reason))


def boot(args, option):
    """(QEMU's exit status, log)"""
    _, image, qemu, _, _ = args.kernel
    done = subprocess.run(
        [qemu, "-accel", "tcg", "-display", "none",
         "-no-reboot", "-monitor", "none", "-serial", "stdio", "-M", "pc",
         "-m", "1024" if "i386" in image else "256", "-smp", "2",
         "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
         "-kernel", os.path.join(args.build, image + ".bzImage"),
         "-append", "console=ttyS0 " + option], stdin=subprocess.DEVNULL,
        text=True, errors="replace", capture_output=True, timeout=TIMEOUT)
    return done.returncode, done.stdout.replace("\r", "")


def test_boot(tap, args):
    status, log = boot(args, "bench=quick")
    tap.point(status == kernel.SUCCESS, "the kernel reports success",
              "status %d\n%s" % (status, log))
    found = kernel.figures(log)
    tap.point(list(found) == list(args.kernel[4]), "every case, in its order",
              "printed: %s\n%s" % (" ".join(found), log))
    for case, (median, low, high) in found.items():
        tap.point(0 < median and low <= median <= high,
                  "%s: took time" % case,
                  "median %g, %g to %g" % (median, low, high))
    for what in "pages were free", "objects were out":
        same = re.search(r"^bench: (\d+) %s, now (\d+)$" % what, log, re.M)
        tap.point(same and same.group(1) == same.group(2),
                  "%s, and are again" % what, log)


def test_option(tap, args):
    """A value that is not one is named; the machine goes to its tour."""
    status, log = boot(args, "bench=slow tour")
    tap.point("bench=slow is not quick: ignored" in log,
              "bench=slow: refused by name", log)
    tap.point(status == kernel.SUCCESS and not kernel.figures(log),
              "bench=slow: runs no case", "status %d\n%s" % (status, log))


def test_module(tap):
    found = kernel.versions()
    if not found:
        tap.skip("the module builds for Linux", "no kernel headers here")
        return
    with tempfile.TemporaryDirectory(prefix="octavo-module-") as folder:
        try:
            path = kernel.build_module(found[0], os.path.join(folder, "m"))
            tap.point(os.path.getsize(path) > 0,
                      "the module builds for Linux %s" % found[0])
        except kernel.Absent as error:
            tap.point(False, "the module builds for Linux %s" % found[0],
                      str(error))
        program = kernel.build_init(folder)
        tap.point(os.access(program, os.X_OK), "and its init program")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--backend", default="octavo")
    args = parser.parse_args()
    args.kernel = next(k for k in kernel.KERNELS if k[0] == args.backend)
    tap = Tap()
    test_boot(tap, args)
    if args.backend == "octavo":
        test_option(tap, args)
        test_module(tap)
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
