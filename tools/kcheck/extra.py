#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""extra.py --build BUILD DIR: boot a kernel that has DIR's modules in it.

What make run EXTRA=DIR does.  The image and all that it is made of go to
BUILD/extra/NAME-HASH.  Without a terminal on stdin the kernel runs its tour,
then the modules, and powers off; with one it runs them and leaves its
console.  Addresses in its output get their file and line.  Exit status: 0
when the kernel reported success and nothing was broken or left; 2 when the
modules could not be built; else 1.
"""
import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import modules  # noqa: E402
import report   # noqa: E402


def fail(text, status=2):
    print(f"make run EXTRA: {text}", file=sys.stderr)
    sys.exit(status)


def image(config, directory, work):
    """Builds it; (ELF file, bzImage)."""
    source, build = config["source"], config["build"]
    objects = modules.build(config, directory, work,
                            lambda text: print(text, file=sys.stderr))
    elf, out = work / "octavo.elf", work / "octavo.bzImage"
    done = subprocess.run(
        [sys.executable, f"{source}/tools/build/link.py", "--script",
         f"{source}/arch/x86/kernel/vmlinux.lds", "--out", str(elf), "--"] +
        config["cc"] + ["-m64", str(objects), "-Wl,--whole-archive"] +
        config["archives"] + ["-Wl,--no-whole-archive"],
        capture_output=True, text=True)
    if done.returncode:
        raise modules.BuildError(modules.link_error(done.stderr))
    done = subprocess.run(
        [sys.executable, f"{source}/tools/build/bzimage.py",
         f"{build}/arch/x86/boot/setup.elf", str(elf), str(out),
         config["version"]], capture_output=True, text=True)
    if done.returncode:
        raise modules.BuildError(done.stderr)
    return elf, out


def boot(config, elf, bzimage, options):
    """Runs it; (status of run-qemu, lines that report something)."""
    env = dict(os.environ, IMAGE=str(bzimage), BUILD=config["build"],
               APPEND=options)
    command = [f"{config['source']}/tools/run-qemu"]
    if sys.stdin.isatty():
        return subprocess.run(command, env=env).returncode, 0
    resolver = report.Resolver(str(elf), config["nm"], config["addr2line"],
                               config["source"])
    proc = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, errors="replace")
    reports, tour = 0, True
    for line in proc.stdout:
        line = line.rstrip("\r\n")
        # What the tour breaks on purpose is not the modules' doing.
        tour = tour and not line.startswith("# Modules run")
        reports += not tour and report.is_report(line)
        print(resolver.line(line), flush=True)
    resolver.close()
    return proc.wait(), reports


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("dir", type=pathlib.Path)
    args = parser.parse_args()
    file = args.build / "tools/kcheck/config.json"
    if not file.exists():
        done = subprocess.run(["ninja", "-C", str(args.build),
                               "kcheck-kernel"], capture_output=True,
                              text=True)
        if done.returncode:
            fail("the core could not be built:\n" + done.stdout[-2000:])
    text = file.read_text()
    config = dict(json.loads(text)["x86"], version=json.loads(text)["version"])
    directory = args.dir.resolve()
    name = hashlib.sha1(str(directory).encode()).hexdigest()[:8]
    work = (args.build / "extra" / f"{directory.name}-{name}").resolve()
    try:
        modules.find_modules(args.dir)
        work.mkdir(parents=True, exist_ok=True)
        elf, bzimage = image(config, directory, work)
    except modules.BuildError as error:
        print(error, file=sys.stderr)
        fail(f"{args.dir}: not built")
    options = f"{config['cmdline']} {os.environ.get('APPEND', '')}".strip()
    status, reports = boot(config, elf, bzimage, options)
    if status or reports:
        print(f"{args.dir}: " + (f"{reports} lines of reports" if reports
                                 else "failed"))
        sys.exit(1)
    print(f"{args.dir}: clean")


if __name__ == "__main__":
    main()
