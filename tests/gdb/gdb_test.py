#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run gdb's octavo commands on a process, its core file and a booted kernel.

usage: gdb_test.py --build DIR --script octavo-gdb.py --program PROGRAM

PROGRAM (tests/gdb/program.c) makes a machine, allocates, prints what /proc
says and stops in abort(): so what gdb reads can be held against it. The kernel
waits at its console. Writes TAP.
"""
import argparse
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TIMEOUT = 120       # seconds for anything here, on a loaded machine
ZONE = re.compile(r"^ +(\d+) (\w+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +"
                  r"(\d+) +(\d+)  ([\d ]+)$", re.M)
CACHE = re.compile(r"^(\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$",
                   re.M)


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def point(self, ok, name, why=""):
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}", flush=True)
        for line in [] if ok else why.splitlines()[-40:]:
            print(f"# {line}")


def gdb(script, *args, commands=()):
    done = subprocess.run(
        ["gdb", "-nx", "-batch", "-iex", "set auto-load safe-path /nowhere",
         "-iex", "set debuginfod enabled off",
         *args, "-ex", f"source {script}",
         *[x for c in commands for x in ("-ex", c)]],
        capture_output=True, text=True, check=False, timeout=TIMEOUT,
        stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr


def slabinfo(text):
    """{name: [active, objects, size, per slab, pages per slab, slabs]}"""
    rows = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) > 15 and words[6] == ":":
            rows[words[0]] = [int(w) for w in words[1:6]] + [int(words[14])]
    return rows


def check_zones(tap, name, out, buddyinfo):
    zones = {(int(z[0]), z[1]): z for z in ZONE.findall(out)}
    said = {}
    for line in buddyinfo.splitlines():
        m = re.match(r"Node +(\d+), zone +(\w+) +(.*?) *$", line)
        if m:
            said[int(m[1]), m[2]] = m[3].split()
    bad = [key for key, blocks in said.items()
           if key not in zones or zones[key][10].split() != blocks]
    tap.point(bool(said) and not bad, f"{name}: zones as /proc/buddyinfo",
              f"{bad}\n{out}\n{buddyinfo}")


def check_slabs(tap, name, out, text):
    want, have = slabinfo(text), {c[0]: [int(n) for n in c[1:]]
                                  for c in CACHE.findall(out)}
    bad = [n for n, row in want.items() if have.get(n, [])[:6] != row]
    tap.point(bool(want) and not bad, f"{name}: caches as /proc/slabinfo",
              f"{bad}\n{out}\n{text}")


def check_page(tap, name, out, said):
    """What the program said of an object, against octavo-page's answers."""
    wanted = [rf"pfn {said['pfn']} ", rf"slab of {said['cache']}: ",
              rf"object {said['object']}, byte 5$", r"type slab ",
              r"zone DMA32  refcount 1 ", r"first page of a large kmalloc\(\) block",
              r"neither a struct page nor an address in the direct map",
              r"no cache has nonesuch in its name"]
    missing = [w for w in wanted if not re.search(w, out, re.M)]
    tap.point(not missing, f"{name}: pages and objects", f"{missing}\n{out}")


def page_commands(said):
    return [f"octavo-page {said['address']} + 5", "octavo-page " + said["page"],
            f"octavo-page --pfn {said['pfn']}", f"octavo-page {said['large']}",
            "octavo-page 0x10", "octavo-slabs nonesuch"]


def read_said(text):
    """"key value" lines, and the files between "== NAME" lines."""
    said, name = {}, None
    for line in text.splitlines():
        if line.startswith("== "):
            name = line[3:]
            said[name] = ""
        elif name:
            said[name] += line + "\n"
        elif " " in line:
            key, value = line.split(" ", 1)
            said[key] = value
    return said


def check_process(tap, script, program, folder):
    """Live, where the program stopped; and a core that gdb takes of it."""
    core = folder / "core"
    out = gdb(script, str(program), commands=[
        "handle SIGABRT stop print", "run > " + str(folder / "said"),
        "octavo-zones", "octavo-slabs", f"gcore {core}"])
    said = read_said((folder / "said").read_text())
    check_zones(tap, "process", out, said["buddyinfo"])
    check_slabs(tap, "process", out, said["slabinfo"])
    live = gdb(script, str(program), commands=[
        "run > " + str(folder / "said2"),
        "python said = dict(l.split(' ', 1) for l in open("
        f"'{folder}/said2').read().split('== ')[0].splitlines())",
        "python exec(\"def go(c):\\n try: gdb.execute(c)\\n except gdb.error "
        "as e: print(e)\")",
        "python go('octavo-page ' + said['address'] + ' + 5')",
        "python go('octavo-page ' + said['page'])",
        "python go('octavo-page ' + said['large'])",
        "python go('octavo-page 0x10')", "python go('octavo-slabs nonesuch')"])
    check_page(tap, "process", live,
               read_said((folder / "said2").read_text()))
    out = gdb(script, str(program), str(core),
              commands=["octavo-zones", "octavo-slabs"])
    check_zones(tap, "core file", out, said["buddyinfo"])
    check_slabs(tap, "core file", out, said["slabinfo"])
    out = "".join(gdb(script, str(program), str(core), commands=[c])
                  for c in page_commands(said))
    check_page(tap, "core file", out, said)


def check_errors(tap, script, program):
    out = gdb(script, str(program), commands=["octavo-zones"])
    tap.point("no machine now" in out or "no table" in out,
              "a program that does not run", out)
    out = gdb(script, "/bin/true", commands=["octavo-zones"])
    tap.point("no table octavo_gdb_table" in out, "another program", out)


# Image: the emulator, an address of frame 0x100, a frame that has none.
KERNELS = {
    "octavo-x86_64": ("qemu-system-x86_64", "0xffff888000100000", None),
    "octavo-i386": ("qemu-system-i386", "0xc0100000", "0x3c000"),
    "octavo-i386-pae": ("qemu-system-i386", "0xc0100000", "0x3c000"),
}


class Kernel:
    """A kernel at its console, with gdb's stub on a socket of its own."""

    def __init__(self, build, folder, image):
        self.gdb = folder / f"{image}.gdb"
        serial = folder / f"{image}.serial"
        self.elf = build / f"{image}.elf"
        self.qemu = subprocess.Popen(
            [KERNELS[image][0], "-kernel", str(build / f"{image}.bzImage"),
             "-accel", "tcg", "-m", "1024M", "-smp", "2", "-display", "none",
             "-no-reboot", "-monitor", "none",
             "-chardev", f"socket,path={self.gdb},server=on,wait=off,id=gdb0",
             "-gdb", "chardev:gdb0",
             "-serial", f"unix:{serial},server=on,wait=off"],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + TIMEOUT
        while True:
            try:
                self.port.connect(str(serial))
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        self.port.settimeout(TIMEOUT)
        self.wait("octavo> ", wake=True)

    def wait(self, text, wake=False):
        """Reads up to the prompt; a kernel that has said it before we came
        says it again after a line."""
        got, end = "", time.monotonic() + TIMEOUT
        self.port.settimeout(5)
        while not got.endswith(text):
            try:
                got += self.port.recv(65536).decode(errors="replace")
            except TimeoutError:
                if time.monotonic() > end:
                    raise SystemExit(f"kernel: no prompt after:\n{got[-2000:]}")
                if wake:
                    self.port.sendall(b"\r")
        return got

    def ask(self, line):
        self.port.sendall(line.encode() + b"\r")
        return self.wait("octavo> ").replace("\r", "")

    def end(self):
        self.qemu.kill()
        self.qemu.wait()


def check_kernel(tap, script, build, folder, image):
    _, address, high = KERNELS[image]
    kernel = Kernel(build, folder, image)
    try:
        commands = [f"target remote {kernel.gdb}", "octavo-zones",
                    "octavo-slabs", "octavo-page --pfn 0x100",
                    f"octavo-page {address}",
                    f"octavo-page --pfn {high or 0x100}", "octavo-page 0x10"]
        # Twice: what the first question takes stays taken.
        for _ in range(2):
            buddyinfo = kernel.ask("cat /proc/buddyinfo")
            slab = kernel.ask("cat /proc/slabinfo")
        out = gdb(script, str(kernel.elf), commands=commands)
    finally:
        kernel.end()
    check_zones(tap, image, out, buddyinfo)
    check_slabs(tap, image, out, slab)
    tap.point(len(re.findall(r"pfn 0x100 ", out)) == (2 if high else 3) and
              "reserved" in out, f"{image}: pages", out)
    if high:
        tap.point(f"pfn {high}  phys {high}000  virt none" in out,
                  f"{image}: a page of high memory", out)
    tap.point("neither a struct page nor" in out, f"{image}: a bad address",
              out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--program", required=True)
    args = parser.parse_args()
    tap = Tap()
    if not shutil.which("gdb"):
        print("1..0 # SKIP gdb is not installed")
        return 0
    os.environ["LC_ALL"] = "C"
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        check_process(tap, args.script, args.program, folder)
        check_errors(tap, args.script, args.program)
        for image in KERNELS:
            check_kernel(tap, args.script, args.build, folder, image)
    print(f"1..{tap.n}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
