#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Type at the booted kernel's serial console and look at what it answers.

usage: console_test.py --build DIR [--image NAME] [--case NAME]... [--list]
                       [--keep-log FILE]

QEMU's serial port is a socket; each case boots its own machine, waits for
the prompt, and sends lines and keys as a terminal would. An answer is what
comes between the echo of a line and the next prompt. Writes TAP; a failing
case shows the end of what the machine said.
"""
import argparse
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

PROMPT = "octavo> "
SUCCESS = 33        # QEMU's exit statuses by isa-debug-exit, see reboot.c
FAILURE = 35
BOOT_TIMEOUT = 60   # seconds, on a loaded machine
TIMEOUT = 60        # for one command

UP, LEFT, HOME, END = "\033[A", "\033[D", "\033[H", "\033[F"
DOWN, RIGHT, DELETE = "\033[B", "\033[C", "\033[3~"


class Gone(Exception):
    """The machine did not say what was waited for."""


class Console:
    """A machine in QEMU with its serial port on a socket."""

    def __init__(self, args, folder):
        path = os.path.join(folder, "serial")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(1)
        listener.settimeout(BOOT_TIMEOUT)
        self.log = ""
        self.cut = ""       # half of a line's end
        self.qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", "tcg", "-display", "none",
             "-monitor", "none", "-M", "q35", "-m", "512", "-smp", "2",
             "-object", "memory-backend-ram,id=ram0,size=256M",
             "-object", "memory-backend-ram,id=ram1,size=256M",
             "-numa", "node,nodeid=0,cpus=0,memdev=ram0",
             "-numa", "node,nodeid=1,cpus=1,memdev=ram1",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
             "-chardev", "socket,id=serial,path=" + path,
             "-serial", "chardev:serial", "-no-reboot",
             "-kernel", os.path.join(args.build, args.image + ".bzImage"),
             "-append", "console=ttyS0"], stdin=subprocess.DEVNULL)
        try:
            self.serial, _ = listener.accept()
            listener.close()
            self.wait_prompt(BOOT_TIMEOUT)
        except BaseException:
            self.close()
            raise

    def close(self):
        if self.qemu.poll() is None:
            self.qemu.kill()
        self.qemu.wait()

    def send(self, text):
        self.serial.sendall(text.encode())

    def hear(self, data):
        """Adds to the log, whose lines end with \\n alone."""
        text = self.cut + data.decode(errors="replace")
        self.cut = "\r" if text.endswith("\r") else ""
        self.log += text[:len(text) - len(self.cut)].replace("\r\n", "\n")

    def wait(self, pattern, start, timeout=TIMEOUT):
        """The match of pattern in what came after start, once it is there."""
        end = time.monotonic() + timeout
        while True:
            found = re.compile(pattern).search(self.log, start)
            if found:
                return found
            left = end - time.monotonic()
            ready = left > 0 and select.select([self.serial], [], [], left)[0]
            data = ready and self.serial.recv(65536)
            if not data:
                raise Gone("no /%s/ %s" % (pattern, "before the machine ended"
                           if ready else "within %d s" % timeout))
            self.hear(data)

    def wait_prompt(self, timeout=TIMEOUT):
        return self.wait("(?m)^" + PROMPT + r"\Z", 0, timeout)

    def run(self, line, timeout=TIMEOUT):
        """The answer to a line, without its echo and the next prompt."""
        start = len(self.log)
        self.send(line + "\r")
        # One that starts at the end alone: answers can be long.
        end = self.wait(r"(?<=\n)" + PROMPT + r"\Z", start, timeout).start()
        return self.log[self.log.index("\n", start) + 1:end]

    def end(self, timeout=TIMEOUT):
        """QEMU's exit status, once the machine has ended by itself."""
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.serial], [], [], left)[0]:
                raise Gone("the machine did not end within %d s" % timeout)
            data = self.serial.recv(65536)
            if not data:
                return self.qemu.wait(timeout)
            self.hear(data)


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, good, name, detail=""):
        self.count += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, name))
        for line in [] if good else str(detail).splitlines()[:20]:
            print("# %s" % line)
        sys.stdout.flush()

    def has(self, name, text, *patterns):
        """Every pattern occurs in text."""
        lost = [p for p in patterns if not re.search(p, text, re.M)]
        self.point(not lost, name, "\n".join(
            ["no line matches /%s/ in:" % p for p in lost] + [text]))

    def one_line(self, name, text, pattern):
        """The text is one line, and this one."""
        self.point(re.fullmatch(pattern + "\n", text), name,
                   "wanted the line /%s/, got:\n%s" % (pattern, text))


SLAB = "/sys/kernel/slab/"
# Files that show nothing while there is nothing, or only take something.
MAY_BE_EMPTY = {SLAB + "kmalloc-64/" + what
                for what in ("ctor", "shrink", "validate")}
MAY_BE_EMPTY.add("/sys/kernel/debug/kfence/objects")
MAY_BE_EMPTY.add("/sys/kernel/debug/kmemleak")
MAY_BE_EMPTY.add("/proc/vmallocinfo")
MAY_BE_EMPTY |= {"/sys/kernel/tracing/" + what
                 for what in ("saved_cmdlines", "set_event", "trace_pipe")}


def case_shown(tap, con):
    """What shows something and changes nothing."""
    text = con.run("help")
    names = re.findall(r"^(\w+)", text, re.M)
    tap.has("help: lists the commands", text,
            r"^alloc .*take pages", r"^poweroff ", r"^reboot ", r"^tour ")
    one = con.run("help zones")
    tap.one_line("help zones: its line alone", one, r"zones +pages of .*")
    tap.point(names == sorted(names) and len(names) >= 18,
              "help: each in its place", text)

    files = con.run("ls").split()
    tap.point({"/proc/buddyinfo", "/proc/meminfo", "/proc/iomem",
               "/proc/zoneinfo"} <= set(files), "ls: files", files)
    caches = {}
    for name in files:
        if name.startswith(SLAB):
            cache, what = name[len(SLAB):].split("/")
            caches.setdefault(cache, []).append(what)
    tap.point({"kmem_cache", "kmalloc-64", "task_struct"} <= set(caches) and
              len({tuple(names) for names in caches.values()}) == 1,
              "ls: caches, with the same files each", caches)
    # Of the caches, one: a hundred of them would take minutes.
    for name in files:
        if name.startswith(SLAB) and not name.startswith(SLAB + "kmalloc-64/"):
            continue
        text = con.run("cat " + name)
        tap.point((text or name in MAY_BE_EMPTY) and "error" not in text and
                  "no such" not in text, "cat " + name, text or "(nothing)")
    tap.one_line("cat: a cache's object size",
                 con.run("cat %skmalloc-64/object_size" % SLAB), "64")
    tap.has("cat: without the folder, and more than one",
            con.run("cat buddyinfo meminfo"),
            r"^Node 0, zone +DMA", r"^Node 1, zone", r"^MemTotal: +\d+ kB")

    tap.has("memmap: ranges with nodes and zones", con.run("memmap"),
            r"System RAM$", r"node 0 DMA$", r"node 1 DMA32$")
    tap.has("zones: every zone's pages", con.run("zones"),
            r"^node +zone +start pfn", r"^ +0 DMA +", r"^ +1 DMA32 +")
    for name in "ps", "threads":
        tap.has(name + ": the shell's thread", con.run(name),
                r"^ +PID +CPU +STATE +NAME$", r"^ +\d+ +\d+ running +init$")
    tap.has("dmesg: from the first line on", con.run("dmesg"),
            r"\[ +0\.000000\] ", r"Brought up 2 nodes, 2 CPUs")
    tap.has("loglevel: told", con.run("loglevel"), r"below level \d ")
    tap.has("loglevel: set", con.run("loglevel 4"), r"below level 4 ")
    tap.has("check: counters agree", con.run("check"), r"^check: .* agree$")


def case_pages(tap, con):
    """Pages taken and given back."""
    before = con.run("zones")
    text = con.run("alloc 3")
    tap.one_line("alloc ORDER", text,
                 r"#1: order 3, node \d, zone \w+, pfn 0x[0-9a-f]+, "
                 r"\[mem 0x[0-9a-f]+-0x[0-9a-f]+\]")
    text = con.run("alloc -n 1 0 3")
    tap.point(len(re.findall(r"^#[234]: order 0, node 1,", text, re.M)) == 3,
              "alloc -n NODE ORDER COUNT", text)
    tap.has("alloc -z ZONE", con.run("alloc -z DMA 2"), r"^#5: .* zone DMA,")
    tap.has("alloc -z GFP|GFP", con.run("alloc -z GFP_KERNEL|__GFP_DMA32 1"),
            r"^#6: .* zone DMA32?,")
    text = con.run("free")
    tap.point(len(text.splitlines()) == 6, "free: lists the held", text)
    tap.point(con.run("free 2 #3") == "", "free ID #ID: says nothing")
    text = con.run("free")
    tap.point(re.findall(r"^#(\d)", text, re.M) == list("1456"),
              "free: the others are still held", text)
    tap.point(con.run("free all") == "", "free all: says nothing")
    tap.one_line("free: and nothing is held", con.run("free"),
                 "free: nothing is held")

    def sums(text):
        return sum(int(line.split()[5]) for line in text.splitlines()[1:])
    after = con.run("zones")
    tap.point(abs(sums(before) - sums(after)) <= 512,
              "zones: the pages are back", before + after)
    tap.has("check: after it", con.run("check"), r"agree$")


def case_bad(tap, con):
    """Mistakes: one line each that names the word and the reason."""
    for line, answer in (
            ("nonsense", r"nonsense: no such command; help lists them"),
            ("help nonsense", r"help: nonsense: no such command"),
            ("cat", r"usage: cat FILE\.\.\."),
            ("cat nowhere", r"cat: nowhere: no such file; ls lists them"),
            ("alloc", r"usage: alloc .*ORDER.*"),
            ("alloc 11", r"alloc: 11: an order is 0 to 10"),
            ("alloc -1", r"usage: alloc .*|alloc: -1: an order is .*"),
            ("alloc many", r"alloc: many: an order is 0 to 10"),
            ("alloc 0 0", r"alloc: 0: a count is 1 to \d+"),
            ("alloc 0 99999", r"alloc: 99999: a count is 1 to \d+"),
            ("alloc -n 7 0", r"alloc: 7: no such node is online"),
            ("alloc -z Nowhere 0", r"alloc: Nowhere: no such zone or .*"),
            ("alloc -q 1 0", r"usage: alloc .*"),
            ("free 1", r"free: 1: no such block is held"),
            ("free everything", r"free: everything: no such block is held"),
            ("stress 0", r"stress: 0: not a number from 1 to \d+"),
            ("stress 1 many", r"stress: many: not a number from 1 to \d+"),
            ("stress 1 2 3", r"usage: stress .*"),
            ("loglevel 9", r"loglevel: 9: a level is 0 to 8"),
            ("loglevel 1 2", r"usage: loglevel .*"),
            ("fault", r"usage: fault .*"),
            ("fault badly", r"usage: fault .*"),
            ("kunit a b", r"usage: kunit .*"),
            ("a " * 40, r"a command has at most \d+ words")):
        tap.one_line("bad: %.20s" % line, con.run(line), answer)
    tap.has("bad: kunit no_such_suite", con.run("kunit no_such_suite"),
            r"^kunit: no_such_suite: no such test$")
    for line in "", "   ", "# a comment":
        tap.point(con.run(line) == "", "nothing to do: %r" % line)


def case_keys(tap, con):
    """Line editing, as a VT100 would send its keys."""
    for name, keys, want in (
            ("backspace", "hexx\b\x7flp zones", "zones "),
            ("left, insert", "hlp zones" + LEFT * 8 + "e", "zones "),
            ("home, end", "lp zone" + HOME + "he" + END + "s", "zones "),
            ("^A ^E", "elp check\x01h\x05", "check "),
            ("^B ^F", "hel check\x02\x02\x02\x02\x02\x02p\x06", "check "),
            ("right", "elp checx" + HOME + RIGHT * 99 + "\bk" + HOME + "h",
             "check "),
            ("delete", "xhelp ps" + HOME + DELETE, "ps "),
            ("^D", "xhelp ps\x01\x04", "ps "),
            ("^U", "nonsense\x15help ps", "ps "),
            ("^K", "help ps nonsense" + LEFT * 9 + "\x0b", "ps "),
            ("^W", "help nonsense  \x17ps", "ps "),
            ("^L", "help\x0c ps", "ps "),
            ("^C", "nonsense\x03help ps", "ps "),
            ("a sequence without meaning", "help\033[99~\033[Z ps", "ps "),
            ("\"quotes\"", "\"help\" \"ps\"", "ps ")):
        start = len(con.log)
        con.send(keys + "\r")
        # A redrawn line may be taken for a prompt: wait for the answer.
        try:
            con.wait(r"\n" + want + r" *[^\n]*\n" + PROMPT + r"\Z", start, 10)
            tap.point(True, "key: " + name)
        except Gone as error:
            tap.point(False, "key: " + name, "%s\n%r" % (error,
                                                         con.log[start:]))
            con.send("\x15\r")
            con.wait_prompt()
    con.run("help check")
    con.run("help ps")
    start = len(con.log)
    con.send(UP + UP + "\r")
    con.wait(r"\ncheck [^\n]*\n" + PROMPT + r"\Z", start)
    start = len(con.log)
    con.send(UP + UP + DOWN + DOWN + "help zones\r")
    con.wait(r"\nzones [^\n]*\n" + PROMPT + r"\Z", start)
    tap.point(True, "key: up and down, the history")
    start = len(con.log)
    con.send("x" * 300)
    con.wait("\a", start)
    con.send("\x03")
    con.wait(r"\^C\n" + PROMPT + r"\Z", start)
    tap.one_line("a line too long rings the bell", con.run("help ps"),
                 r"ps .*")


def case_cpus(tap, con):
    """CPUs that go off-line and come back."""
    cpus = "/sys/devices/system/cpu/"
    con.run("loglevel 4")
    tap.has("cpu: the list", con.run("cpu"), r"^ +0 +0 on-line$",
            r"^ +1 +1 on-line$")
    tap.point(con.run("cpu 1 off") == "", "cpu 1 off: says nothing")
    tap.one_line("cpu 1 off: off-line", con.run("cat %soffline" % cpus), "1")
    tap.has("cpu: it is off-line", con.run("cpu"), r"^ +1 +1 off-line$")
    tap.one_line("cpu 1 off: again", con.run("cpu 1 off"),
                 r"cpu: CPU 1 does not go off-line: it is already \(1\)")
    tap.one_line("cpu 0 off", con.run("cpu 0 off"),
                 r"cpu: CPU 0 does not go off-line: the first CPU stays "
                 r"\(-1\)")
    tap.one_line("cpu 99 off", con.run("cpu 99 off"),
                 r"cpu: CPU 99 does not go off-line: there is no such CPU "
                 r"\(-22\)")
    tap.one_line("cpu x on", con.run("cpu x on"), r"cpu: x: not a number")
    tap.has("cpu 1: what", con.run("cpu 1"), r"^usage: cpu ")
    tap.has("check: with one CPU", con.run("check"), r"agree$")
    tap.has("stress: with one CPU", con.run("stress 1"),
            r"^stress: passed \(0\)$")
    tap.point(con.run("echo 1 > %scpu1/online" % cpus) == "",
              "echo 1 > cpu1/online: says nothing")
    tap.one_line("cpu1/online", con.run("cat %scpu1/online" % cpus), "1")
    tap.one_line("online", con.run("cat %sonline" % cpus), "0-1")
    tap.one_line("echo 2 > cpu1/online",
                 con.run("echo 2 > %scpu1/online" % cpus),
                 r'echo: %scpu1/online: "2" is neither 0 nor 1' % cpus)
    tap.has("stress: with two again", con.run("stress 1"),
            r"^stress: passed \(0\)$")
    tap.has("dmesg: both ways", con.run("dmesg"),
            r"smpboot: CPU 1 is now offline$",
            r"smpboot: Booting Node 1 Processor 1 APIC 0x1$")


def case_runs(tap, con):
    """What runs something whole."""
    con.run("loglevel 4")
    tap.has("stress", con.run("stress 1"), r"^stress: passed \(0\)$")
    tap.has("stress SECONDS THREADS", con.run("stress 1 9"),
            r"^stress: passed \(0\)$")
    tap.has("tour", con.run("tour"), r"^tour: 0 checks failed$")
    tap.has("kunit GLOB", con.run("kunit list*"), r"^ok \d+ list",
            r"^# Totals: pass:[1-9]\d* fail:0 ")
    tap.has("kunit SUITE.CASE", con.run("kunit shell.*"), r"^ok \d+ shell",
            r"^# Totals: pass:[1-9]\d* fail:0 ")
    tap.has("check: after it", con.run("check"), r"agree$")
    start = len(con.log)
    con.send("poweroff\r")
    tap.point(con.end() == SUCCESS, "poweroff: reports success",
              con.log[start:])


def case_end_of_input(tap, con):
    con.send("\x04")
    tap.point(con.end() == SUCCESS, "^D: powers off", con.log[-400:])


def case_reboot(tap, con):
    con.run("alloc 0 9")
    start = len(con.log)
    con.send("reboot\r")
    tap.point(con.end() == 0, "reboot: QEMU sees the reset",
              con.log[start:])


def case_warn(tap, con):
    tap.has("fault warn: a report, and it goes on", con.run("fault warn"),
            r"WARNING: ", r"the console asked for it",
            r"Call Trace:", r" fault_warn\+0x|command_fault\+0x",
            r" shell_execute\+0x")
    tap.has("fault warn: the console lives", con.run("check"), r"agree$")


REGISTERS = (
    r"^(\[.*\] )?CPU: \d+ PID: \d+ Comm: init$", r"Code: ([0-9a-f]{2} )*<",
    r"RSP: 0018:[0-9a-f]{16} EFLAGS: [0-9a-f]{8}",
    r"RAX: [0-9a-f]{16} RBX: [0-9a-f]{16} RCX: [0-9a-f]{16}",
    r"R13: [0-9a-f]{16} R14: [0-9a-f]{16} R15: [0-9a-f]{16}",
    r"CR2: [0-9a-f]{16} CR3: [0-9a-f]{16} CR4: [0-9a-f]{16}")
TRACE = (r"Call Trace:", r" command_fault\+0x[0-9a-f]+/0x[0-9a-f]+",
         r" shell_execute\+0x", r" shell_run\+0x")
DEADLY = {
    "bug": (r"kernel BUG|BUG", r"the console asked for it"),
    "panic": (r"Kernel panic - not syncing: the console asked for it",),
    "read": (r"BUG: kernel NULL pointer dereference, "
             r"address: 0000000000000010",
             r"#PF: supervisor read access in kernel mode",
             r"#PF: error_code\(0x0000\) - not-present page",
             r"PGD [0-9a-f]+", r"Oops: 0000 \[#1\]",
             r"RIP: 0010:(fault_read|command_fault)\+0x",
             r"CR2: 0000000000000010") + REGISTERS,
    "vmalloc": (r"BUG: vmalloc: out of bounds at 0xffff[0-9a-f]+000, 1 bytes "
                r"past the end of area \[0xffff[0-9a-f]+, 0xffff[0-9a-f]+\) of "
                r"12288 bytes, allocated by (fault_vmalloc|command_fault)\+0x"
                r"[0-9a-f]+/0x[0-9a-f]+, pid \d+",
                r"BUG: unable to handle page fault for address: ffff",
                r"#PF: supervisor write access in kernel mode",
                r"#PF: error_code\(0x0002\) - not-present page",
                r"Oops: 0002 \[#1\]") + REGISTERS,
    "write": (r"BUG: kernel NULL pointer dereference, "
              r"address: 0000000000000010",
              r"#PF: supervisor write access in kernel mode",
              r"#PF: error_code\(0x0002\) - not-present page",
              r"PGD [0-9a-f]+", r"Oops: 0002 \[#1\]",
              r"RIP: 0010:(fault_write|command_fault)\+0x") + REGISTERS,
    # The walk ends at the page's own entry, without its write bit.
    "rodata": (r"BUG: unable to handle page fault for address: ffffffff8",
               r"#PF: supervisor write access in kernel mode",
               r"#PF: error_code\(0x0003\) - permissions violation",
               r"PGD [0-9a-f]+ P4D [0-9a-f]+ PUD [0-9a-f]+ PMD [0-9a-f]+ "
               r"PTE [0-9a-f]+[159d]$", r"Oops: 0003 \[#1\]",
               r"RIP: 0010:(fault_rodata|command_fault)\+0x") + REGISTERS,
    "div": (r"divide error: 0000 \[#1\]",
            r"RIP: 0010:(fault_div|command_fault)\+0x") + REGISTERS,
}


def deadly(kind):
    def case(tap, con):
        start = len(con.log)
        con.send("fault %s\r" % kind)
        tap.point(con.end() == FAILURE, "fault %s: reports failure" % kind,
                  con.log[start:])
        text = con.log[start:]
        tap.has("fault %s: says what" % kind, text, *DEADLY[kind])
        tap.has("fault %s: the stack, by names" % kind, text, *TRACE)
        if kind != "panic":
            tap.has("fault %s: and panics" % kind, text,
                    r"Kernel panic - not syncing: ")
    return case


CASES = {
    "shown": case_shown, "pages": case_pages, "bad": case_bad,
    "cpus": case_cpus, "keys": case_keys, "runs": case_runs, "end-of-input": case_end_of_input,
    "reboot": case_reboot, "warn": case_warn,
}
CASES.update(("fault-" + kind, deadly(kind)) for kind in DEADLY)


def run_case(tap, name, args, log):
    failed = tap.failed
    con = None
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="octavo-console-") as folder:
        try:
            con = Console(args, folder)
            CASES[name](tap, con)
        except Gone as error:
            tap.point(False, "%s: %s" % (name, error))
        finally:
            if con:
                con.close()
    print("# %s: %.1f s" % (name, time.monotonic() - start))
    if con and log:
        log.write(con.log)
    if tap.failed > failed:
        print("# again: tests/boot/console_test.py --build %s --case %s"
              % (args.build, name))
        for line in con.log.splitlines()[-40:] if con else []:
            print("# | %s" % line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--image", default="octavo-x86_64-test")
    parser.add_argument("--case", action="append")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep-log", metavar="FILE")
    args = parser.parse_args()
    if args.list:
        print("\n".join(CASES))
        return 0
    tap = Tap()
    log = open(args.keep_log, "w") if args.keep_log else None
    for name in args.case or CASES:
        if name not in CASES:
            sys.exit("console_test.py: %s: no such case (see --list)" % name)
        run_case(tap, name, args, log)
    if log:
        log.close()
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
