#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A disk in QEMU, read and written by the kernel, compared byte for byte.

usage: disk_test.py --build DIR [--case NAME]... [--list] [--keep-log FILE]

Makes an image of one pattern, boots the unit tests of suite `disk` on it,
which read all of it and write another pattern, and compares the image with
that one after power-off. The patterns are those of tests/unit/disk_test.c.
Writes TAP.
"""
import argparse
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

SUCCESS = 33        # QEMU's exit status for success, see reboot.c
TIMEOUT = 200       # seconds for one case on a loaded machine
SECTORS = 4099      # 2 MiB and a bit, no multiple of what is moved at once
MASK = (1 << 64) - 1

# Nothing of these may show up.
FORBIDDEN = re.compile(r"\bBUG\b|Kernel panic|\bnot ok\b|Oops|WARNING: ")


class Case:
    """A machine with a disk, and lines that its log must have."""
    def __init__(self, machine, device, mem, expect, append="", cpus=2,
                 kunit=True, writes=True):
        self.machine, self.device, self.mem = machine, device, mem
        self.expect, self.append, self.cpus = expect, append, cpus
        self.kunit, self.writes = kunit, writes


MSIX = r"vda: 4099 sectors of 512 bytes, virtio 1, interrupts"
CASES = {
    # 6 GiB: memory lies below each of the masks and above all but the last.
    "pc": Case("pc", "virtio-blk-pci,drive=d", 6144, [
        MSIX, r"configuration type 1", r"mask of 24 bits: buffer at 0x",
        r"mask of 64 bits: buffer at 0x1\w{8}\b"]),
    "q35": Case("q35", "virtio-blk-pci,drive=d", 6144, [
        MSIX, r"PCI: ECAM \[mem 0xb0000000-0xbfffffff\]",
        r"mask of 64 bits: buffer at 0x1\w{8}\b"]),
    "q35-small": Case("q35", "virtio-blk-pci,drive=d", 128, [MSIX], cpus=1),
    # Behind a bridge, on a bus that is not the first.
    "bridge": Case("q35", "pcie-root-port,id=p,chassis=1 -device "
                   "virtio-blk-pci,drive=d,bus=p", 512, [
                       MSIX, r"PCI bridge to \[bus 01\]", r"\[1af4:1042\]"]),
    "legacy": Case("pc", "virtio-blk-pci,drive=d,disable-modern=on", 512, [
        r"vda: 4099 sectors of 512 bytes, virtio legacy, interrupts"]),
    "no-msix": Case("pc", "virtio-blk-pci,drive=d,vectors=0", 512, [
        r"vda: 4099 sectors of 512 bytes, virtio 1, polled"]),
    "poll": Case("q35", "virtio-blk-pci,drive=d,disable-legacy=on", 512, [
        r"vda: .*, virtio 1, polled"], append="virtio_blk.poll"),
    "queue-small": Case("q35", "virtio-blk-pci,drive=d,queue-size=4", 512,
                        [MSIX]),
    # Kept to 30 bits by an option, from the start; the tour reads the disk.
    "tour-30-bits": Case("pc", "virtio-blk-pci,drive=d", 1536, [
        MSIX, r"tour: disk done", r"tour: \d+ checks, 0 failed"],
        append="virtio_blk.dma_bits=30 tour", kunit=False, writes=False),
    "bad-options": Case("pc", "virtio-blk-pci,drive=d", 256, [
        r"virtio_blk.dma_bits=23 is no number from 24 to 64: ignored",
        r"virtio_blk.poll=1 has a value, and takes none: ignored",
        r"pci=on is not known, only off: ignored", MSIX],
        append="virtio_blk.dma_bits=23 virtio_blk.poll=1 pci=on",
        writes=True),
}


def pattern(seed, sectors):
    """The bytes of the pattern of seed; see disk_test.c."""
    out = []
    for sector in range(sectors):
        x = (seed + 1) * 0x9e3779b97f4a7c15 & MASK ^ (sector + 1) << 20
        words = []
        for _ in range(64):
            x ^= x << 13 & MASK
            x ^= x >> 7
            x ^= x << 17 & MASK
            words.append(x)
        out.append(struct.pack("<64Q", *words))
    return b"".join(out)


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def point(self, good, name, *details):
        self.count += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, name))
        for line in [] if good else details:
            print("# %s" % line)


def boot(case, args, seed, image):
    """(QEMU's exit status or None, log)"""
    options = "console=ttyS0 disk_seed=%d %s %s" % (
        seed, "kunit=disk" if case.kunit else "", case.append)
    command = ["qemu-system-x86_64", "-accel", "tcg", "-display", "none",
               "-no-reboot", "-monitor", "none", "-serial", "stdio",
               "-M", case.machine, "-m", "%dM" % case.mem,
               "-smp", str(case.cpus),
               "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
               "-drive", "if=none,id=d,format=raw,file=" + image,
               "-device"] + case.device.split(" ") + [
                   "-kernel", os.path.join(args.build,
                                           args.image + ".bzImage"),
                   "-append", options]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              errors="replace", capture_output=True,
                              timeout=TIMEOUT)
        return done.returncode, (done.stdout + done.stderr).replace("\r", "")
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode(errors="replace")


def first_difference(found, wanted):
    for at, (a, b) in enumerate(zip(found, wanted)):
        if a != b:
            return "byte %d is %#x, not %#x" % (at, a, b)
    return "%d bytes, not %d" % (len(found), len(wanted))


def run_case(tap, name, args):
    case = CASES[name]
    seed = args.seed or random.randrange(1, 1 << 32)
    with tempfile.TemporaryDirectory(prefix="octavo-disk-") as folder:
        image = os.path.join(folder, "disk")
        with open(image, "wb") as file:
            file.write(pattern(seed, SECTORS))
        status, log = boot(case, args, seed, image)
        with open(image, "rb") as file:
            found = file.read()
    if args.keep_log:
        with open(args.keep_log, "w") as file:
            file.write(log)
    failed = tap.failed
    tap.point(status == SUCCESS, "%s: the kernel reports success" % name,
              "no end after %d s" % TIMEOUT if status is None
              else "QEMU ended with %d" % status)
    bad = FORBIDDEN.search(log)
    tap.point(not bad, "%s: no complaint in the log" % name,
              bad and bad.group(0))
    wanted = pattern(seed + case.writes, SECTORS)
    tap.point(found == wanted, "%s: the disk holds %s" % (
        name, "what was written" if case.writes else "what it held"),
        first_difference(found, wanted))
    for line in case.expect:
        tap.point(re.search(line, log), "%s: log has /%s/" % (name, line),
                  "no such line")
    if tap.failed > failed:
        print("# again: tests/boot/disk_test.py --build %s --case %s --seed %d"
              % (args.build, name, seed))
        for line in log.splitlines()[-40:]:
            print("# | " + line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--image", default="octavo-x86_64-test")
    parser.add_argument("--case", action="append", choices=CASES)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep-log", metavar="FILE")
    args = parser.parse_args()
    if args.list:
        print("\n".join(CASES))
        return 0
    tap = Tap()
    for name in args.case or CASES:
        run_case(tap, name, args)
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
