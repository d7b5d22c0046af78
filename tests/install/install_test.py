#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Install into an empty folder, and use what is there as a stranger would:
through pkg-config alone.

usage: install_test.py --build DIR --headers-test FILE

Programs are linked both ways with both compilers, C++ sees octavo.h, the
kernel of the examples is built from its Makefile and booted, and the headers
leave the C library's alone. Writes TAP.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

KERNEL_OK = 33          # QEMU's status when examples/kernel is satisfied
OBJECTS = [r"^point +1000 +1024 ", r"^1000 points, sum 999000$",
           r"^kmalloc\(100\): 112 bytes; 3000 bytes of node 1, first byte 0$",
           r"^a size that overflows: \(nil\)$", r"^eight pages of node 1, ",
           r"^counters of 4 CPUs: 10$", r"^Node 1, zone    DMA32 ",
           r"^MemTotal: +10[0-9]{5} kB$"]
MACHINE = [r"^4 nodes, 16 CPUs, \d+ pages free", r"^Node 3, zone   Normal "]
KERNEL = [r"zone DMA +\d+ pages", r"zone DMA32 +\d+ pages",
          r"check: alloc_pages below 16 MiB: ok",
          r"check: 1000 objects of a cache: ok", r"check: kmalloc: ok",
          r"check: a thread's per-CPU counter: ok",
          r"check: as many free pages as before: ok",
          r"check: every cache is sound: ok"]
CXX = """#include <octavo/octavo.h>
int main() { octavo_error e; octavo_options o = {}; o.cpus = 2;
octavo_machine *m = octavo_machine_create(&o, &e);
struct octavo_info i;
if (!m) return 1;
octavo_info(m, &i); octavo_machine_destroy(m); return i.nr_cpus != 2; }
"""
KERNEL_CODE = """#include <linux/slab.h>
void *f(void); void *f(void) { return kmalloc(10, GFP_KERNEL); }
"""
PERCPU = """#include <octavo/kernel.h>
static DEFINE_PER_CPU(int, n);
"""
WANTED = ["bin/octavo", "include/octavo/octavo/octavo.h",
          "include/octavo/octavo/kernel.h", "include/octavo/linux/slab.h",
          "include/octavo/kunit/test.h", "include/octavo/asm-generic/pgtable-nop4d.h",
          "include/octavo/port/host/octavo/config.h",
          "include/octavo/port/embed/asm/page.h",
          "include/octavo/models/vmemmap/octavo/mem_model.h",
          "share/man/man1/octavo.1", "share/man/man3/kmalloc.3",
          "share/man/man3/kmem_cache_create.3", "share/man/man3/alloc_pages.3",
          "share/man/man7/octavo.7", "share/octavo/octavo-gdb.py",
          "share/doc/octavo/examples/objects.c",
          "share/doc/octavo/examples/kernel/Makefile",
          "share/doc/octavo/porting.md"]


class Test:
    def __init__(self, root):
        self.root, self.n, self.failed = root, 0, 0
        self.env = dict(os.environ)
        self.env.pop("PKG_CONFIG_PATH", None)
        for name in ("CFLAGS", "MAKEFLAGS", "CC"):
            self.env.pop(name, None)

    def point(self, ok, name, why=""):
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}", flush=True)
        for line in [] if ok else why.splitlines()[-30:]:
            print(f"# {line}")
        return ok

    def run(self, *command, **kwargs):
        done = subprocess.run(command, capture_output=True, text=True,
                              check=False, env=self.env, timeout=120, **kwargs)
        return done.returncode, done.stdout + done.stderr

    def pkg(self, *args):
        status, out = self.run("pkg-config", *args)
        if status:
            raise SystemExit(f"pkg-config {args}: {out}")
        return out.split()

    def matches(self, name, status, out, patterns, want=0):
        missing = [p for p in patterns if not re.search(p, out, re.M)]
        return self.point(status == want and not missing, name,
                          f"exit {status}, wanted {want}; not there: {missing}"
                          f"\n{out}")


def install(build, root):
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet",
                    "--destdir", str(root)], check=True,
                   stdout=subprocess.DEVNULL)
    found = list(root.rglob("octavo.pc"))
    if len(found) != 1:
        raise SystemExit(f"install: octavo.pc: {found}")
    return found[0].parent


def check_programs(t, examples, lib):
    for cc in [c for c in ("gcc", "clang") if shutil.which(c)]:
        for source, patterns in ("objects.c", OBJECTS), ("machine.c", MACHINE):
            for kind in "shared", "static":
                out = t.root / "prog"
                args = ["--static"] if kind == "static" else []
                flags = t.pkg("--cflags", *args, "octavo") + \
                    ["-O2", "-Wall", "-Wextra", "-Werror", "-Wpedantic",
                     str(examples / source), "-o", str(out)] + \
                    t.pkg("--libs", *args, "octavo")
                flags += ["-static"] if kind == "static" else []
                status, said = t.run(cc, *flags)
                name = f"{source}, {kind}, {cc}"
                if not t.point(not status, f"{name}: compiles", said):
                    continue
                t.env["LD_LIBRARY_PATH"] = str(lib) if kind == "shared" else ""
                t.matches(name, *t.run(str(out)), patterns)
                _, dynamic = t.run("readelf", "-dr", str(out))
                needs = "liboctavo.so.0" in dynamic
                t.point(needs == (kind == "shared"),
                        f"{name}: needs liboctavo.so.0 if shared", dynamic)
                out.unlink()


def check_other_sources(t):
    flags = t.pkg("--cflags", "octavo")
    source = t.root / "prog.cc"
    source.write_text(CXX)
    if shutil.which("g++"):
        status, said = t.run("g++", "-Wall", "-Wextra", "-Werror", str(source),
                             "-o", str(t.root / "prog"), *flags,
                             *t.pkg("--libs", "octavo"))
        t.point(not status, "octavo.h in C++: compiles", said)
        t.matches("octavo.h in C++", *t.run(str(t.root / "prog")), [])
    source = t.root / "code.c"
    source.write_text(KERNEL_CODE)
    status, said = t.run("gcc", "-c", "-D__KERNEL__", "-include",
                         "octavo/config.h", *flags, str(source), "-o",
                         str(t.root / "code.o"))
    t.point(not status, "kernel code without libc", said)
    source.write_text(PERCPU)
    t.matches("a program's static per-CPU variable is refused",
              *t.run("gcc", "-fsyntax-only", *flags, str(source)),
              ["programs_use_alloc_percpu_instead"], 1)


def check_names(t, lib):
    """liboctavo.a has no names of its own but its interface."""
    _, out = t.run("nm", "-g", "--defined-only", str(lib / "liboctavo.a"))
    names = {line.split()[-1] for line in out.splitlines() if line.strip()}
    _, out = t.run("nm", "-D", "--defined-only", str(lib / "liboctavo.so"))
    shared = {line.split()[-1] for line in out.splitlines()}
    t.point("kmalloc_large" in names and "octavo_bind" in names and
            "node_take" not in names,
            "liboctavo.a shows its interface alone", str(sorted(names)))
    lost = {n for n in names if not n.startswith("liboctavo")} - shared - \
        {n for n in names if n.startswith("__start_")} - {"octavo.o:"}
    t.point(not lost, "liboctavo.so shows the same", str(sorted(lost)))


def check_kernel(t, examples):
    source = t.root / "kernel"
    shutil.copytree(examples / "kernel", source)
    status, said = t.run("make", "-C", str(source), "CC=gcc")
    if not t.point(not status, "examples/kernel: make", said):
        return
    t.matches("examples/kernel boots", *t.run(
        "qemu-system-x86_64", "-kernel", str(source / "kernel.elf"), "-m",
        "256M", "-display", "none", "-serial", "stdio", "-no-reboot",
        "-accel", "tcg", "-monitor", "none",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4"), KERNEL, KERNEL_OK)


def check_headers(t, script):
    dirs = [d.removeprefix("-I") for d in
            t.pkg("--cflags-only-I", "octavo")]
    status, said = t.run(sys.executable, script, "--cc", "gcc", *dirs)
    t.point(not status, "the installed headers leave libc's alone", said)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--headers-test", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        root = pathlib.Path(tmp)
        pkgconfig = install(args.build, root / "dest")
        lib = pkgconfig.parent
        prefix = next((root / "dest").rglob("bin/octavo")).parent.parent
        t = Test(root)
        t.env["PKG_CONFIG_PATH"] = str(pkgconfig)
        if "${pcfiledir}" not in (pkgconfig / "octavo.pc").read_text():
            t.env["PKG_CONFIG_SYSROOT_DIR"] = str(root / "dest")
        missing = [f for f in WANTED if not (prefix / f).exists()]
        t.point(not missing, "all files are there", f"missing: {missing}")
        t.env["LD_LIBRARY_PATH"] = str(lib)
        t.matches("octavo --version",
                  *t.run(str(prefix / "bin/octavo"), "--version"),
                  [r"^octavo \d+\.\d+\.\d+$"])
        examples = prefix / "share/doc/octavo/examples"
        check_other_sources(t)
        check_programs(t, examples, lib)
        check_names(t, lib)
        check_headers(t, args.headers_test)
        check_kernel(t, examples)
        print(f"1..{t.n}")
        return t.failed != 0


if __name__ == "__main__":
    sys.exit(main())
