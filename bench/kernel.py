# SPDX-License-Identifier: MIT
"""The booted kernel beside Linux: instructions of each call for memory.

In QEMU with -icount shift=0 the time-stamp counter counts instructions, so
figures repeat to the last digit on any machine. The same files of cases
(bench/kernel/*_cases.c) are linked into our kernel and made a module of
Linux, against the headers of a Debian package, and both are started on the
same PC. Where there are no headers, or no kernel to them, Linux is left out
with a line that says so.

Some rows are there to judge others by: page/loop is the loop around the
calls, those that end in -driver are what the case so named does besides its
calls. Both are in the figures of either kernel, and so in what is wanted.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

import rows

GROUPS = {"page": "pages in a kernel, instructions",
          "object": "objects in a kernel, instructions",
          "virt": "areas of vmalloc() in a kernel, instructions",
          "highmem": "pages outside the direct map, instructions"}
KMALLOC_SIZES = [8, 16, 32, 64, 96, 128, 256, 512, 1024, 1536, 2048, 4096,
                 8192]
# Instructions that a case is to take at most; None: shown beside the others.
WANTED = {
    "page/loop": None, "page/order0": 130, "page/order0-zeroed": 680,
    "page/order0-zeroed-address": None, "page/order1": 130,
    "page/order2": 130, "page/order3": 130, "page/order4": 500,
    "page/order9": 200, "page/movable": 130, "page/atomic": 130,
    "page/dma32": 130, "page/many": 180, "page/many-random-free": 180,
    "page/bulk16": 60, "page/bulk16-release": 60,
    "page/random-driver": None, "page/random": 250,
    "page/order5": 500, "page/order6": 1609, "page/order7": 2361,
    "page/order8": 3337, "page/order10": 10534,
    **{f"object/kmalloc{size}": 60 for size in KMALLOC_SIZES},
    "object/kmalloc-any": 60, "object/kmalloc-atomic": 60,
    "object/kmalloc32768": 250, "object/kzalloc64": 80, "object/many": 80,
    "object/scattered": 100, "object/cache64": 50,
    "object/cache64-bulk64": 20, "object/random": 120,
    "object/random-driver": None, "object/mempool": 80,
    "object/percpu64": 300,
    "object/cache-create": 5000, "object/cache-create-alike": 5000,
    "virt/vmalloc1": 900, "virt/vmalloc16": 2500, "virt/vmalloc256": 20000,
    "virt/vmap16": 1000, "virt/huge64m-pages": None, "virt/huge64m": None,
}
# What 32-bit kernels have besides. `local` may take 25 more than its driver.
HIGHMEM = {"highmem/local-driver": None, "highmem/local": None,
           "highmem/local-low": None, "highmem/mapped": 60,
           "highmem/kmap": None, "highmem/kmap-low": None}
LOCAL_MOST = 25
# A page or an object on 32 bits takes so many times what it does on 64.
NARROW_MOST = 1.3
# Back-end, image, QEMU, memory, cases.
KERNELS = [
    ("octavo", "octavo-x86_64", "qemu-system-x86_64", "4G", WANTED),
    ("octavo i386", "octavo-i386", "qemu-system-i386", "2G",
     {**WANTED, **HIGHMEM}),
    ("octavo i386 pae", "octavo-i386-pae", "qemu-system-i386", "2G",
     {**WANTED, **HIGHMEM}),
]
QEMU = "qemu-system-x86_64"
SUCCESS = 33        # of our kernel, see arch/x86/kernel/reboot.c
TIMEOUT = 600       # seconds for a start; Linux takes 10 on an idle machine
# As lean as a distribution's kernel can be told to be.
LINUX_OPTIONS = ("tsc=reliable nokaslr norandmaps mitigations=off "
                 "init_on_alloc=0 cgroup_disable=memory console=ttyS0 "
                 "panic=-1")
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kernel")
MODULE = "kernel_bench.ko"


class Absent(Exception):
    """Something to measure with is not there; says what."""


def names(_build):
    return [*WANTED, *HIGHMEM]


def start(kernel, append, initrd=None, qemu=QEMU, memory="4G"):
    """(QEMU's exit status, what the machine said)."""
    cpu = "qemu64" if qemu == QEMU else "qemu32"
    args = [qemu, "-M", "pc", "-cpu", cpu, "-smp", "1", "-m", memory,
            "-accel", "tcg", "-icount", "shift=0,sleep=off",
            "-display", "none", "-no-reboot", "-monitor", "none",
            "-serial", "stdio",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-kernel", kernel, "-append", append]
    if initrd:
        args += ["-initrd", initrd]
    done = subprocess.run(args, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", capture_output=True,
                          timeout=TIMEOUT)
    return done.returncode, done.stdout + done.stderr


def figures(log):
    """case -> (median, least, most), each for one operation."""
    return {case: (float(median), float(low), float(high))
            for case, median, low, high in re.findall(
                r"bench: (\S+/\S+) (\d+\.\d+) \((\d+\.\d+) to (\d+\.\d+) in",
                log)}


def octavo(build, image_name, qemu, memory, quick):
    status, log = start(f"{build}/{image_name}.bzImage",
                        "console=ttyS0 bench" + ("=quick" if quick else ""),
                        qemu=qemu, memory=memory)
    if status != SUCCESS:
        sys.exit(f"bench: {image_name}'s bench failed in QEMU "
                 f"(status {status}):\n{log[-2000:]}")
    return figures(log)


def wanted_narrow(wide, narrow):
    """What a 32-bit kernel's cases may take, from the 64-bit one's figures."""
    wanted = {name: median * NARROW_MOST for name, (median, *_) in wide.items()
              if name.split("/")[0] in ("page", "object")}
    driver = narrow.get("highmem/local-driver")
    return {**wanted, **HIGHMEM, "highmem/local":
            driver and driver[0] + LOCAL_MOST}


def our_rows(args, build):
    """Of each kernel that is there; the 64-bit one is the first."""
    wide = {}
    for backend, name, qemu, memory, cases in KERNELS:
        if not any(args.selected(case) for case in cases):
            continue
        if not shutil.which(qemu) or \
                not os.path.exists(f"{build}/{name}.bzImage"):
            print(f"bench: {backend} is left out, no {name}.bzImage or no "
                  + qemu)
            continue
        found = octavo(build, name, qemu, memory, args.quick)
        if backend == "octavo":
            wide, wanted = found, WANTED
        else:
            wanted = wanted_narrow(wide, found)
        yield from case_rows(args, backend, found, wanted)


def version_key(version):
    return [int(n) for n in re.findall(r"\d+", version)]


def versions():
    """Linux versions whose headers are installed, the newest first."""
    found = [path.split("/")[3] for path in
             glob.glob("/lib/modules/*/build/Makefile")]
    return sorted(found, key=version_key, reverse=True)


def fetch_image(version, folder):
    """The kernel out of its Debian package, which is not installed."""
    for package in f"linux-image-{version}", f"linux-image-{version}-unsigned":
        got = subprocess.run(["apt-get", "download", "-qq", package],
                             cwd=folder, capture_output=True)
        for deb in glob.glob(f"{folder}/{package}_*.deb"):
            if got.returncode == 0:
                subprocess.run(["dpkg-deb", "-x", deb, folder], check=True)
            os.unlink(deb)


def image(version, folder):
    """The kernel of a version, or None."""
    fetched = f"{folder}/boot/vmlinuz-{version}"
    if os.access(f"/boot/vmlinuz-{version}", os.R_OK):
        return f"/boot/vmlinuz-{version}"
    if not os.path.exists(fetched) and shutil.which("apt-get"):
        fetch_image(version, folder)
    return fetched if os.path.exists(fetched) else None


def build_module(version, folder):
    """The module for a version, made in @folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(f"{HERE}/linux", folder)
    for path in glob.glob(f"{HERE}/*.[ch]"):
        shutil.copy(path, folder)
    # Not what `make bench` was told: ARCH, CC and flags mean others there.
    environ = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    done = subprocess.run(
        ["make", "-s", "-C", f"/lib/modules/{version}/build",
         f"M={os.path.abspath(folder)}", "modules"], text=True,
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Absent(f"the module does not build for Linux {version}:\n"
                     + done.stdout[-2000:])
    return f"{folder}/{MODULE}"


def build_init(folder):
    program = f"{folder}/init"
    subprocess.run(["gcc", "-static", "-Os", "-Wall", "-Wextra", "-Werror",
                    "-o", program, f"{HERE}/linux/init.c"], check=True)
    return program


def cpio_entry(name, mode, data=b"", device=(0, 0), ino=0):
    """A member of a cpio archive in the `newc` format."""
    fields = [ino, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1,
              0]
    head = b"070701" + b"".join(b"%08X" % f for f in fields)
    head += name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def initramfs(path, program, module):
    """A console, the program that Linux starts, and the module."""
    members = [("dev", 0o40755, b"", (0, 0)),
               ("dev/console", 0o20600, b"", (5, 1))]
    for name, mode, source in (("init", 0o100755, program),
                               (MODULE, 0o100644, module)):
        with open(source, "rb") as file:
            members.append((name, mode, file.read(), (0, 0)))
    with open(path, "wb") as archive:
        for ino, member in enumerate(members, 1):
            archive.write(cpio_entry(*member, ino=ino))
        archive.write(cpio_entry("TRAILER!!!", 0))


def prepare(build):
    """(version, kernel, initramfs) of the newest Linux that can be had."""
    folder = f"{build}/bench/linux"
    os.makedirs(folder, exist_ok=True)
    found = versions()
    if not found:
        raise Absent("no kernel headers are installed "
                     "(Debian: linux-headers-amd64)")
    for version in found:
        kernel = image(version, folder)
        if kernel:
            break
    else:
        raise Absent(f"headers of {found[0]}, but no linux-image-{found[0]} "
                     "in /boot or to download")
    module = build_module(version, f"{build}/bench/linux-module")
    initrd = f"{folder}/initramfs"
    initramfs(initrd, build_init(folder), module)
    return version, kernel, initrd


def linux(build, quick):
    """(version, figures)"""
    version, kernel, initrd = prepare(build)
    _, log = start(kernel, LINUX_OPTIONS + (" -- quick=1" if quick else ""),
                   initrd)
    if not re.search(r"bench: done, 0 failed", log):
        raise Absent(f"Linux {version} did not get through the cases:\n"
                     + log[-2000:])
    return version, figures(log)


def case_rows(args, backend, found, wanted=None, **more):
    for name, (median, low, high) in found.items():
        if args.selected(name):
            group = GROUPS[name.split("/")[0]]
            yield {**rows.row(group, name, backend, "insn", median,
                              wanted=wanted and wanted.get(name)),
                   "low": low, "high": high, **more}


def run(build, args):
    if not any(args.selected(name) for name in names(build)):
        return []
    found = list(our_rows(args, build))
    if not found or not any(args.selected(name) for name in WANTED):
        return found
    try:
        version, figures_of_linux = linux(build, args.quick)
    except (Absent, OSError, subprocess.SubprocessError) as error:
        print(f"bench: Linux is left out, {error}")
        return found
    short = re.match(r"[\d.]*\d", version).group(0)
    return found + list(case_rows(args, "linux " + short, figures_of_linux,
                                  version=version))
