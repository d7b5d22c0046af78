#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kcheck_test.py PART PROGRAM MODULES [BUILD]: octavo-kcheck and the kernel
with modules (PART kernel: PROGRAM is extra.py), on the modules of this folder
and on directories that are wrong.  Writes TAP.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PART, PROGRAM = sys.argv[1], os.path.abspath(sys.argv[2])
MODULES = pathlib.Path(sys.argv[3]).resolve()
BUILD = sys.argv[4] if len(sys.argv) > 4 else None
points = []
# What each planted bug is reported by, hosted.
ASAN = "AddressSanitizer: use-after-poison"
BUGS = {"uaf": ASAN, "overflow": ASAN, "underflow": ASAN, "leak": "LEAK: ",
        "leak_pages": "LEAK: ", "wrong_cache": "BUG", "double_free": "BUG"}
# What only slab_debug= finds; each is required once it is there.
SLAB_DEBUG = (MODULES / "../../mm/slab/slab_debug.c").exists()
HOST_DEBUG = () if SLAB_DEBUG else ("overflow", "underflow", "leak")
KERNEL_DEBUG = HOST_DEBUG + (() if SLAB_DEBUG else ("uaf",))


def point(name, ok, text=""):
    points.append(ok)
    print(f"{'ok' if ok else 'not ok'} {len(points)} - {name}", flush=True)
    for line in [] if ok else text.splitlines()[-60:]:
        print("# " + line)


def run(*args, cwd=None, **env):
    done = subprocess.run([PROGRAM if a is None else str(a) for a in args],
                          cwd=cwd, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace",
                          env=dict(os.environ, **env))
    return done.returncode, done.stdout


def kcheck(*args, cwd=None):
    return run(None, *args, cwd=cwd)


def places(bug):
    """Any of the lines that a report of @bug may name."""
    text = (MODULES / "planted/planted.c").read_text().splitlines()
    start = next(i for i, l in enumerate(text) if f"bug_{bug}(void)" in l)
    end = next(i for i, l in enumerate(text) if i > start and l == "}")
    lines = list(range(start + 1, end + 2))
    lines.append(next(i + 1 for i, l in enumerate(text)
                      if "BUG: uaf, overflow" in l))
    return lines


def names_place(output, bug):
    return any(re.search(rf"planted\.c:{n}\b", output) for n in places(bug))


def part_modules():
    for name in ("objcache", "pipeline", "headers", "device"):
        status, out = kcheck(MODULES / name)
        point(f"{name} is clean", status == 0, out)
    status, out = kcheck(MODULES / "objcache", "-p", "records=20", "-p",
                         "objcache.sizes=3,300", "-c", "1", "-n", "1", "-m",
                         "256M", "-f", "objcache_kmalloc.*", "-s", "7")
    point("options are obeyed", status == 0 and "20 records, 2 sizes from 3" in
          out and "Subtest: objcache_record" not in out, out)
    part_traced()
    status, out = kcheck("objcache", cwd=MODULES)
    point("a relative directory", status == 0, out)


def part_traced():
    """A module's own events, by probes, and written down."""
    status, out = kcheck(MODULES / "traced")
    point("traced is clean", status == 0 and "traced: off" in out, out)
    with tempfile.TemporaryDirectory() as d:
        status, out = run(None, MODULES / "traced",
                          OCTAVO_TRACE="traced,kmem:kmalloc",
                          OCTAVO_TRACE_FILE=d + "/t.txt")
        text = pathlib.Path(d + "/t.txt").read_text()
    point("traced is clean when it is traced", status == 0 and
          "traced: on" in out, out)
    for line in ("traced_request: who=reader kind=read flags=SYNC|META "
                 "size=100 gfp=GFP_KERNEL tag=tagged\n",
                 "traced_request: who=writer kind=write flags=0x4 size=200 ",
                 "traced_request: who=(null) kind=0x2 flags= size=300 ",
                 "traced_block_in: nr=5 bytes=de ad\n",
                 "kmalloc: call_site=traced_kmalloc+"):
        point(f"written down: {line.strip()}", line in text, text)
    point("not written down: what a condition says, and what is too long",
          "traced_block_out: nr=7" not in text and "xxxxx" not in text, text)


def part_planted():
    for bug, report in BUGS.items():
        if bug in HOST_DEBUG:
            continue
        status, out = kcheck(MODULES / "planted", "-p", f"bug={bug}")
        point(f"{bug} is reported with its line", status == 1 and
              re.search(report, out) and names_place(out, bug), out)
    status, out = kcheck(MODULES / "planted")
    point("without a bug it is clean", status == 0, out)


def write(folder, name, text):
    (pathlib.Path(folder) / name).write_text(text)


HEAD = "#include <linux/module.h>\n#include <kunit/test.h>\n"
INIT = "static int __init f(void) { %s }\nmodule_init(f);\n"


def part_bad_input():
    def expect(name, status, pattern, *args):
        got, out = kcheck(*args)
        point(name, got == status and re.search(pattern, out), out)

    with tempfile.TemporaryDirectory() as d:
        expect("no such directory", 2, "no such directory", d + "/none")
        expect("no .c files", 2, r"no \.c files", d)
        write(d, "a.c", HEAD + INIT % "return 0;")
        expect("a file", 2, "not a directory", d + "/a.c")
        expect("no such parameter", 1, "unknown parameter 'x'", d, "-p", "x=1")
        expect("no such suite", 1, "no such suite", d, "-f", "none")
        expect("a bad size", 2, "no size", d, "-m", "lots")
        write(d, "a.c", HEAD + "static int n; module_param(n, int, 0);\n" +
              INIT % "return 0;")
        expect("a bad value", 1, "invalid for parameter `n'", d, "-p", "n=x")
        write(d, "a.c", "#include <linux/netdevice.h>\n" + HEAD)
        expect("a header that is not there", 2,
               r"a\.c:1: error: linux/netdevice\.h: not part of Octavo", d)
        write(d, "a.c", HEAD + INIT % "return register_netdev(0);")
        expect("a function that is not there", 2, "register_netdev", d)
        write(d, "a.c", HEAD + "int nowhere(void);\n" + INIT %
              "return nowhere();")
        expect("a function that nobody defines", 2,
               "nowhere: not part of Octavo", d)
        write(d, "a.c", HEAD + "#include <linux/vmalloc.h>\n" + INIT %
              "return vmalloc(1) != NULL;")
        status, out = kcheck(d)
        point("vmalloc() is named when it is not there, and works when it is",
              (status == 2 and "vmalloc" in out) or
              (status == 1 and "LEAK" in out), out)
        write(d, "a.c", HEAD + INIT % "return -ENODEV;")
        expect("an init function fails", 1, "init function f failed: error -19",
               d)
        write(d, "a.c", HEAD + INIT % "BUG(); return 0;")
        expect("BUG()", 1, r"kernel BUG at .*a\.c:3", d)
        write(d, "a.c", HEAD + INIT % "for (;;) cpu_relax(); return 0;")
        expect("for ever", 1, "no result after 2 s", d, "-t", "2")
        write(d, "a.c", HEAD + INIT % "*(volatile int *)8 = 1; return 0;")
        expect("a wild pointer", 1, r"a\.c:3", d)
        write(d, "a.c", HEAD + "static void t(struct kunit *test)\n"
              "{\n\tKUNIT_EXPECT_EQ(test, 1, 2);\n}\n"
              "static struct kunit_case c[] = { KUNIT_CASE(t), {} };\n"
              "static struct kunit_suite s = { .name = \"s\", "
              ".test_cases = c };\nkunit_test_suite(s);\n")
        expect("a case fails", 1, r"a\.c:5: expected 1 == 2", d)


def part_kernel():
    status, out = run(sys.executable, None, "--build", BUILD,
                      MODULES / "pipeline")
    point("pipeline is clean in the kernel", status == 0 and
          "ok 1 pipeline" in out, out)
    status, out = run(sys.executable, None, "--build", BUILD,
                      MODULES / "planted", APPEND="planted.bug=all")
    after = out[out.find("# Modules run"):]
    for bug in BUGS:
        if bug in KERNEL_DEBUG:
            continue
        point(f"{bug} is reported with its line in the kernel", status == 1 and
              names_place(after, bug), after)
    with tempfile.TemporaryDirectory() as d:
        status, out = run(sys.executable, None, "--build", BUILD, d)
        point("no .c files", status == 2 and "no .c files" in out, out)


{"modules": part_modules, "planted": part_planted,
 "bad-input": part_bad_input, "kernel": part_kernel}[PART]()
print(f"1..{len(points)}")
sys.exit(0 if all(points) else 1)
