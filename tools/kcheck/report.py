# SPDX-License-Identifier: MIT
"""The output of a run, line by line: files and lines for its addresses, and
what in it is a report of something wrong.

A symbol with an offset, `name+0x12/0x340`, gets the place in the source
behind it.  A return address lies behind its call, so one byte before is
looked up.
"""
import os
import re
import subprocess

SYMBOL = re.compile(r"\b([A-Za-z_][\w.]*)\+0x([0-9a-f]+)/0x([0-9a-f]+)")
# Lines that say that memory, or a rule, was broken.
REPORTS = re.compile(
    r"ERROR: AddressSanitizer|: runtime error: |\bBUG\b|WARNING: at |"
    r"kernel BUG at|Kernel panic|\bLEAK: |unreferenced object|"
    r"UndefinedBehaviorSanitizer|ThreadSanitizer|Double free|double free|"
    r"slab (error|BUG)|\bOops\b|general protection|page fault at")


class Resolver:
    """Places of the symbols of an ELF file."""

    def __init__(self, elf, nm="nm", addr2line="addr2line", root=""):
        self.root = root
        self.symbols = {}
        text = subprocess.run([nm, "-S", elf], capture_output=True,
                              text=True).stdout
        for line in text.splitlines():
            cols = line.split()
            if len(cols) == 4 and cols[2] in "tTwW":
                self.symbols.setdefault(cols[3], []).append(
                    (int(cols[0], 16), int(cols[1], 16)))
        self.proc = subprocess.Popen(
            [addr2line, "-a", "-i", "-e", elf], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
        self.known = {}

    def address(self, name, offset, size):
        places = self.symbols.get(name, [])
        exact = [a for a, s in places if s == size]
        if exact or places:
            return (exact or [places[0][0]])[0] + offset
        return None

    def place(self, name, offset, size):
        """"file.c:12", or None."""
        key = (name, offset, size)
        if key not in self.known:
            address = self.address(name, max(offset - 1, 0), size)
            self.known[key] = None if address is None else self.ask(address)
        return self.known[key]

    def ask(self, address):
        # Address 0, which has no place, ends the list of inlined calls.
        self.proc.stdin.write(f"{address:#x}\n0x0\n")
        self.proc.stdin.flush()
        self.proc.stdout.readline()
        places = []
        for line in self.proc.stdout:
            if re.fullmatch(r"0x0+\n", line):
                break
            places.append(line.strip().split(" (disc")[0])
        self.proc.stdout.readline()
        # A call of a header's function is where it was called.
        place = next((p for p in places if "/include/" not in p), places[0])
        if place.startswith("??"):
            return None
        path, _, line = place.rpartition(":")
        path = os.path.normpath(path)
        return f"{path.removeprefix(self.root + '/')}:{line}"

    def line(self, text):
        def add(match):
            place = self.place(match.group(1), int(match.group(2), 16),
                               int(match.group(3), 16))
            return match.group(0) + (f" ({place})" if place else "")
        return SYMBOL.sub(add, text)

    def close(self):
        self.proc.stdin.close()
        self.proc.wait()


def is_report(line):
    return bool(REPORTS.search(line))
