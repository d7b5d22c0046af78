#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot the kernel in QEMU as a case of the matrix says, and read its log.

usage: boot_test.py --build DIR [--case NAME]... [--list] [--keep-log FILE]

Writes TAP, one test point for each thing that was checked. A case that fails
shows the end of its log and the one command that runs it again.

How the machine ends is what counts first: a kernel whose checks all passed
writes to the isa-debug-exit device so that QEMU exits with 33. Then its log is
held against the machine it ran on: memory, CPUs, nodes, and the case's lines.
"""
import argparse
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time

from cases import CASES

SUCCESS = 33        # QEMU's exit status for success, see reboot.c
TIMEOUT = 280       # seconds for one case on a loaded machine
MIB = 1 << 20

# What the firmware keeps of RAM: EBDA, the hole below 1 MiB, ACPI tables.
FIRMWARE_KEEPS = 1.5    # MiB

# Lines that must never show up.
FORBIDDEN = re.compile(r"\bBUG\b|Kernel panic|\bnot ok\b|Oops|WARNING: ")


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, good, name, *details):
        self.count += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, name))
        if not good:
            for line in details:
                print("# %s" % line)

    def skip(self, name, reason):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, reason))


def qemu_machine(case):
    """QEMU arguments for the case's machine, without what is booted."""
    args = ["qemu-system-" + ("i386" if case.image.startswith("octavo-i386")
                              else "x86_64"), "-accel", "tcg", "-display", "none",
            "-no-reboot", "-serial", "stdio", "-monitor", "none",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-M", case.machine, "-m", "%dM" % case.mem,
            "-smp", str(case.cpus)]
    if case.cpu:
        args += ["-cpu", case.cpu]
    for nid, (mem, cpus) in enumerate(case.nodes or []):
        node = "node,nodeid=%d" % nid
        if mem:
            args += ["-object", "memory-backend-ram,id=ram%d,size=%dM"
                     % (nid, mem)]
            node += ",memdev=ram%d" % nid
        for cpu in cpus.split(",") if cpus else []:
            node += ",cpus=" + cpu
        args += ["-numa", node]
    return args


def grub_iso(case, build, options, initrd, folder):
    """A bootable disc whose GRUB loads the kernel at once."""
    root = os.path.join(folder, "iso")
    os.makedirs(os.path.join(root, "boot/grub"))
    command = case.path.split("-", 1)[1]
    name = case.image + (".elf" if command == "multiboot" else ".bzImage")
    shutil.copy(os.path.join(build, name), os.path.join(root, "boot/kernel"))
    lines = ["set timeout=0", "%s /boot/kernel %s" % (command, options)]
    if initrd:
        shutil.copy(initrd, os.path.join(root, "boot/initrd"))
        lines.append({"linux": "initrd", "linux16": "initrd16",
                      "multiboot": "module"}[command] + " /boot/initrd")
    with open(os.path.join(root, "boot/grub/grub.cfg"), "w") as config:
        config.write("\n".join(lines + ["boot", ""]))
    iso = os.path.join(folder, "boot.iso")
    made = subprocess.run(
        ["grub-mkrescue", "-o", iso, "--fonts=", "--locales=", "--themes=",
         "--install-modules=linux linux16 multiboot normal iso9660 biosdisk",
         root], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        sys.exit("boot_test.py: grub-mkrescue failed:\n"
                 + made.stdout.decode(errors="replace"))
    return iso


def qemu_command(case, build, folder):
    """The whole command, and the kernel's options within it."""
    options = "console=ttyS0 %s tour" % ("kunit" if case.kunit else "")
    if case.append:
        options += " " + case.append
    initrd = None
    if case.initrd:
        initrd = os.path.join(folder, "initrd")
        with open(initrd, "wb") as file:    # 100 KiB and a bit of anything
            file.write(b"070701" + bytes(range(256)) * 401)

    args = qemu_machine(case)
    if case.path.startswith("grub-"):
        # In grub.cfg a dollar sign starts a variable.
        iso = grub_iso(case, build, options.replace("$", "\\$"), initrd,
                       folder)
        return args + ["-cdrom", iso, "-boot", "d"]
    if case.path.startswith("loader-"):
        enter = case.path.split("-", 1)[1]
        return args + [
            "-kernel", os.path.join(build, "tests/boot/loader.elf"),
            "-initrd", os.path.join(build, case.image + ".bzImage"),
            "-append", "enter=%s %s" % (enter, options)]
    suffix = ".elf" if case.path == "pvh" else ".bzImage"
    args += ["-kernel", os.path.join(build, case.image + suffix),
             "-append", options]
    return args + (["-initrd", initrd] if initrd else [])


def run(command, stops):
    """(exit status or None, log). Ends early at a line that matches stops."""
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    log = b""
    end = time.monotonic() + TIMEOUT
    status = None
    while True:
        ready, _, _ = select.select([qemu.stdout], [], [],
                                    max(0, end - time.monotonic()))
        if not ready:
            break
        data = os.read(qemu.stdout.fileno(), 65536)
        log += data
        if not data:
            status = qemu.wait()
            break
        if stops and re.search(stops, log.decode(errors="replace")):
            break
    if status is None:
        qemu.kill()
        qemu.wait()
    return status, log.decode(errors="replace").replace("\r", "")


def usable_mib(log):
    """MiB of `usable` ranges in the map as the firmware gave it."""
    total = 0
    for start, end in re.findall(
            r"BIOS-\w+: \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\] usable", log):
        total += int(end, 16) - int(start, 16) + 1
    return total / MIB


def image_mib(path):
    """MiB that the kernel's ELF file takes in memory, from end to end."""
    with open(path, "rb") as file:
        image = file.read(4096)
    if image[4] == 2:   # 64 bits
        start, = struct.unpack_from("<Q", image, 32)
        size, count = struct.unpack_from("<HH", image, 54)
        headers = [struct.unpack_from("<IIQQQQQQ", image, start + i * size)
                   for i in range(count)]
        loads = [(h[4], h[4] + h[6]) for h in headers if h[0] == 1]
    else:
        start, = struct.unpack_from("<I", image, 28)
        size, count = struct.unpack_from("<HH", image, 42)
        headers = [struct.unpack_from("<IIIIIIII", image, start + i * size)
                   for i in range(count)]
        loads = [(h[3], h[3] + h[5]) for h in headers if h[0] == 1]
    return (max(end for _, end in loads) - min(at for at, _ in loads)) / MIB


def check_memory(tap, case, log, build):
    low, high = case.usable or (case.mem - FIRMWARE_KEEPS, case.mem)
    usable = usable_mib(log)
    tap.point(low <= usable <= high,
              "the firmware's map shows the machine's memory",
              "expected %.1f to %.1f MiB, found %.3f" % (low, high, usable))
    found = re.search(r"Memory: (\d+)K/(\d+)K available", log)
    if not found:
        tap.point(False, "available memory is reported",
                  "no line `Memory: ...K/...K available`")
        return
    available, total = int(found.group(1)) / 1024, int(found.group(2)) / 1024
    most = usable if case.kept is None else min(usable, case.kept)
    if case.image_added:
        most += image_mib(os.path.join(build, case.image + ".elf"))
    tap.point(most - FIRMWARE_KEEPS - 0.5 <= total <= most,
              "the kernel uses what the map leaves it",
              "expected about %.3f MiB, found %.3f" % (most, total))
    tap.point(0 < available <= total, "available memory is within the total",
              "found %.3f of %.3f MiB" % (available, total))


def check_topology(tap, case, log):
    nodes = case.nodes_up
    if nodes is None:
        nodes = len(case.nodes) if case.nodes else 1
    found = re.search(r"Brought up (\d+) nodes?, (\d+) CPUs?", log)
    cpus = case.cpus_up or case.cpus
    tap.point(found and int(found.group(2)) == cpus,
              "%d CPUs are up" % cpus,
              found.group(0) if found else "no line `Brought up ...`")
    tap.point(found and int(found.group(1)) == nodes,
              "%d nodes are up" % nodes,
              found.group(0) if found else "no line `Brought up ...`")


def check(tap, case, status, log, build):
    if case.stops:
        tap.point(re.search(case.stops, log), "the machine says why it stops",
                  "no line matches: %s" % case.stops)
        tap.point(status is None, "and it stops",
                  "QEMU ended with %s" % status)
        return
    tap.point(status == SUCCESS, "the kernel reports success",
              "no end after %d s" % TIMEOUT if status is None
              else "QEMU ended with %d" % status)
    # In the point's name, so that the suite's last lines have it.
    bad = FORBIDDEN.search(log)
    tap.point(not bad, "no complaint in the log" + (
        ": " + log[log.rfind("\n", 0, bad.start()) + 1:]
        .split("\n")[0].strip().replace("#", "") if bad else ""))
    check_memory(tap, case, log, build)
    check_topology(tap, case, log)
    if case.initrd:
        tap.point(re.search(r"RAMDISK: \[mem 0x", log),
                  "the initrd has been passed on", "no line `RAMDISK: ...`")
    for line in case.expect:
        tap.point(re.search(line, log), "log has /%s/" % line,
                  "no such line")


def host_memory_mib():
    with open("/proc/meminfo") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 1024
    return 0


def run_case(tap, case, args):
    if case.mem > host_memory_mib():
        tap.skip(case.name, "the host has less than %d MiB free" % case.mem)
        return
    image = os.path.join(args.build, case.image + ".bzImage")
    if not os.path.exists(image):
        tap.point(False, "%s: image" % case.name, "%s: no such file" % image)
        return
    with tempfile.TemporaryDirectory(prefix="octavo-boot-") as folder:
        command = qemu_command(case, args.build, folder)
        start = time.monotonic()
        status, log = run(command, case.stops)
    print("# %s: %.1f s" % (case.name, time.monotonic() - start))
    if args.keep_log:
        with open(args.keep_log, "w") as file:
            file.write(log)
    failed = tap.failed
    check(tap, case, status, log, args.build)
    if tap.failed > failed:
        print("# again: tests/boot/boot_test.py --build %s --case %s"
              % (args.build, case.name))
        for line in log.splitlines()[-40:]:
            print("# | " + line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--case", action="append")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep-log", metavar="FILE")
    args = parser.parse_args()
    if args.list:
        print("\n".join(CASES))
        return
    tap = Tap()
    for name in args.case or CASES:
        if name not in CASES:
            sys.exit("boot_test.py: %s: no such case (see --list)" % name)
        run_case(tap, CASES[name], args)
    print("1..%d" % tap.count)
    sys.exit(1 if tap.failed else 0)


if __name__ == "__main__":
    main()
