#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""octavo-kcheck DIR: run C files written for Linux's kernel, hosted.

Builds the modules of DIR against Octavo's headers, under AddressSanitizer
and UndefinedBehaviorSanitizer, and runs them on a machine in this process:
parameters, init functions, KUnit suites, exit functions; then reports what
they left behind.  Exit status: 0 all clean; 1 something failed, was broken
or was left; 2 it could not be built or started.  See docs/kernel-code.md.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import modules  # noqa: E402
import report   # noqa: E402

SIZES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def fail(text):
    print(f"octavo-kcheck: {text}", file=sys.stderr)
    sys.exit(2)


def size(text):
    match = re.fullmatch(r"(\d+)([KMGT]?)", text.upper())
    if not match or not int(match.group(1)):
        raise argparse.ArgumentTypeError(f"'{text}' is no size such as 512M")
    return int(match.group(1)) * SIZES[match.group(2)]


def count(limit):
    def parse(text):
        if not text.isdigit() or not 1 <= int(text) <= limit:
            raise argparse.ArgumentTypeError(
                f"'{text}' is no number from 1 to {limit}")
        return int(text)
    return parse


def param(text):
    if not re.match(r"[A-Za-z_][\w.-]*(=|$)", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not name=value")
    name, has, value = text.partition("=")
    if " " in value:
        value = f'"{value}"'
    return ("" if "." in name else "*.") + name + has + value


def arguments():
    p = argparse.ArgumentParser(
        prog="octavo-kcheck", description="Builds the kernel modules in DIR "
        "and runs them and their KUnit suites on a machine in a process, "
        "under ASan and UBSan.")
    p.add_argument("dir", metavar="DIR", type=pathlib.Path)
    p.add_argument("-p", "--param", metavar="NAME=VALUE", action="append",
                   default=[], type=param,
                   help="a module's parameter; MODULE.NAME=VALUE for one only")
    p.add_argument("-f", "--filter", metavar="GLOB", default="",
                   help="only the suites, or SUITE.CASEs, that match")
    p.add_argument("-m", "--memory", metavar="SIZE", type=size, default="1G")
    p.add_argument("-c", "--cpus", metavar="N", type=count(512), default=4)
    p.add_argument("-n", "--nodes", metavar="N", type=count(64), default=2)
    p.add_argument("-s", "--seed", metavar="N", type=int, default=1,
                   help="of random numbers and of suites (1)")
    p.add_argument("-a", "--cmdline", metavar="OPTIONS", action="append",
                   default=[], help="more options of the kernel's command "
                   "line, such as slab_debug=FZPU")
    p.add_argument("-t", "--timeout", metavar="SECONDS", type=count(86400),
                   default=120)
    p.add_argument("-v", "--verbose", action="store_true",
                   help="the log of the machine's start, too")
    p.add_argument("--keep", metavar="FOLDER", type=pathlib.Path,
                   help="build there and keep what was built")
    return p.parse_args()


def ensure_core(config):
    """The archives, in case only the script was made."""
    if all(os.path.exists(a) for a in config["archives"]):
        return
    names = [os.path.relpath(a, config["build"]) for a in config["archives"]]
    done = subprocess.run(["ninja", "-C", config["build"]] + names,
                          capture_output=True, text=True)
    if done.returncode:
        fail("the core could not be built:\n" + done.stdout[-2000:])


def link(config, objects, program):
    done = subprocess.run(
        config["cc"] + config["link"] + ["-o", str(program), str(objects),
         "-Wl,--whole-archive"] + config["archives"] +
        ["-Wl,--no-whole-archive", "-lpthread"], capture_output=True, text=True)
    if done.returncode:
        raise modules.BuildError(modules.link_error(done.stderr))


def run_program(args, program, config):
    """Runs it; (exit status or None for too long, reports seen)."""
    cmdline = " ".join([config["cmdline"]] + args.cmdline + args.param)
    env = dict(os.environ)
    env["ASAN_OPTIONS"] = ":".join(
        ["halt_on_error=0", "detect_leaks=0", "exitcode=99", "handle_abort=1",
         "print_legend=0", "detect_stack_use_after_return=0",
         env.get("ASAN_OPTIONS", "")]).rstrip(":")
    env["UBSAN_OPTIONS"] = "print_stacktrace=1:" + env.get("UBSAN_OPTIONS", "")
    proc = subprocess.Popen(
        [str(program), str(args.memory), str(args.cpus), str(args.nodes),
         str(args.seed), args.filter, cmdline, str(int(args.verbose))],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", env=env)
    late = threading.Event()

    def stop():
        late.set()
        proc.send_signal(signal.SIGABRT)    # ASan shows where it is
        try:
            proc.wait(5)
        except subprocess.TimeoutExpired:
            proc.kill()
    timer = threading.Timer(args.timeout, stop)
    timer.start()
    reports = show(proc, program, config)
    timer.cancel()
    return None if late.is_set() else proc.wait(), reports


def show(proc, program, config):
    resolver = report.Resolver(str(program), config["nm"], config["addr2line"],
                               config["source"])
    reports = 0
    for line in proc.stdout:
        line = line.rstrip("\n")
        reports += report.is_report(line)
        print(resolver.line(line), flush=True)
    resolver.close()
    proc.wait()
    return reports


def verdict(status, reports, timeout):
    if status is None:
        return f"no result after {timeout} s"
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    if status == 2:
        return "the machine did not start"
    if status and not reports:
        return "failed"
    if reports:
        return f"{reports} line{'s' if reports > 1 else ''} of reports"
    return None


def main():
    args = arguments()
    if isinstance(args.memory, str):
        args.memory = size(args.memory)
    config = json.loads((pathlib.Path(os.environ.get("OCTAVO_KCHECK_CONFIG")
                                      or HERE / "config.json")).read_text())
    config = config["host"]
    with tempfile.TemporaryDirectory(prefix="kcheck-") as temporary:
        work = args.keep or pathlib.Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        work = work.resolve()
        program = work / "kcheck"
        try:
            modules.find_modules(args.dir)
            ensure_core(config)
            objects = modules.build(config, args.dir.resolve(), work,
                                    lambda text: print(text, file=sys.stderr))
            link(config, objects, program)
        except modules.BuildError as error:
            print(error, file=sys.stderr)
            fail(f"{args.dir}: not built")
        status, reports = run_program(args, program, config)
    bad = verdict(status, reports, args.timeout)
    print(f"octavo-kcheck: {args.dir}: {bad or 'clean'}")
    sys.exit(2 if status == 2 else 1 if bad else 0)


if __name__ == "__main__":
    main()
