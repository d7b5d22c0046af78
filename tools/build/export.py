#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make one object of the library's archives that shows its interface alone.

usage: export.py --out OBJECT --headers DIR... -- LINKER OBJCOPY ARCHIVE...

A name is the library's interface when an installed header speaks of it; all
others become local, so that a program's own sort() or a second library's
list_check() meets nothing. The archives are compiled with hidden visibility,
which is best for calls among them; what stays is made visible afterwards, in
the symbol table, so that the same object serves liboctavo.a and liboctavo.so.
"""
import argparse
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

WORD = re.compile(r"[A-Za-z_]\w*")
EVENT = re.compile(r"^(?:TRACE_EVENT|DEFINE_EVENT)\(\s*(\w+)", re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
SHT_SYMTAB = 2
STB_LOCAL = 0
STT_OBJECT, STT_FUNC = 1, 2
STV_DEFAULT, STV_PROTECTED = 0, 3
SHN_UNDEF = 0


def header_words(dirs):
    words = set()
    for d in dirs:
        for file in pathlib.Path(d).rglob("*.h"):
            text = COMMENT.sub(" ", file.read_text(encoding="utf-8"))
            words.update(WORD.findall(text))
            # What linux/tracepoint.h makes of an event's name.
            for event in EVENT.findall(text):
                words.update((f"__tracepoint_{event}",
                              f"__trace_call_{event}"))
    return words


class Elf:
    """The symbol table of an ELF64 little-endian object, in place."""

    SYM = struct.Struct("<IBBHQQ")
    SECTION = struct.Struct("<IIQQQQIIQQ")

    def __init__(self, path):
        self.path = path
        self.data = bytearray(path.read_bytes())
        if self.data[:6] != b"\x7fELF\x02\x01":
            sys.exit(f"export.py: {path}: no 64-bit little-endian ELF file")
        at, = struct.unpack_from("<Q", self.data, 0x28)
        size, count = struct.unpack_from("<HH", self.data, 0x3a)
        self.sections = [self.SECTION.unpack_from(self.data, at + i * size)
                         for i in range(count)]

    def symbols(self):
        """(offset, name, binding, type, section) of each symbol."""
        for section in self.sections:
            if section[1] != SHT_SYMTAB:
                continue
            names = self.sections[section[6]][4]
            for at in range(section[4], section[4] + section[5], self.SYM.size):
                name, info, _, where, _, _ = self.SYM.unpack_from(self.data, at)
                end = self.data.index(0, names + name)
                yield (at, self.data[names + name:end].decode(), info >> 4,
                       info & 15, where)

    def defined(self):
        return [s for s in self.symbols()
                if s[2] != STB_LOCAL and s[4] != SHN_UNDEF]

    def show(self):
        """Makes what is global visible. Data is protected: a copy of a
        variable in the program would be another variable."""
        for at, _, _, kind, _ in self.defined():
            self.data[at + 5] = (STV_PROTECTED if kind == STT_OBJECT
                                 else STV_DEFAULT)
        self.path.write_bytes(self.data)


def run(*command):
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"export.py: failed: {' '.join(command)}")


def main():
    at = sys.argv.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--headers", nargs="+", required=True)
    args = parser.parse_args(sys.argv[1:at])
    linker, objcopy, *archives = sys.argv[at + 1:]

    words = header_words(args.headers)
    run(linker, "-r", "-o", str(args.out), "--whole-archive", *archives)
    keep = [name for _, name, _, _, _ in Elf(args.out).defined()
            if name in words]
    with tempfile.NamedTemporaryFile("w", suffix=".names") as names:
        names.write("".join(f"{name}\n" for name in keep))
        names.flush()
        run(objcopy, f"--keep-global-symbols={names.name}", str(args.out))
    Elf(args.out).show()


if __name__ == "__main__":
    main()
