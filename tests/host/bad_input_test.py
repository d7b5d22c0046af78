#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad firmware and bad command lines, in a process.

usage: bad_input_test.py OCTAVO [CASE]

Maps, SRAT, SLIT, MADT and options are made here, one fault in each. Whatever
is wrong must be in the log once, in one line that names the entry and the
reason, and the machine must have the RAM, nodes and CPUs that are sound; or
it must not start, with one line on stderr. Writes TAP; a failing case prints
its command, whose files then stay.
"""
import json
import os
import shlex
import struct
import subprocess
import sys
import tempfile

M, G, T = 1 << 20, 1 << 30, 1 << 40
PAGE = 4096
NR_CPUS = 512       # that the core has room for
NR_NODES = 64
MAX_RANGES = 128 + 3 * NR_NODES     # of a map


# ---- inputs ----------------------------------------------------------------

def table(sig, body, revision=3, length=None, checksum=True):
    """An ACPI table; `length` and `checksum` may lie."""
    length = 36 + len(body) if length is None else length
    head = struct.pack("<4sIBB6s8sI4sI", sig, length, revision, 0, b"OCTAVO",
                       b"BADINPUT", 1, b"TEST", 1)
    raw = bytearray(head + body)
    raw[9] = -sum(raw[:length]) & 0xff
    if not checksum:
        raw[9] ^= 0x55
    return bytes(raw)


def srat(*entries, **lies):
    return table(b"SRAT", bytes(12) + b"".join(entries), **lies)


def srat_mem(pxm, start, size, flags=1):
    return struct.pack("<BBIHQQIIQ", 1, 40, pxm, 0, start, size, 0, flags, 0)


def srat_cpu(pxm, apicid):
    return struct.pack("<BBHIIIII", 2, 24, 0, pxm, apicid, 1, 0, 0)


def slit(*rows, count=None, **lies):
    count = len(rows) if count is None else count
    return table(b"SLIT", struct.pack("<Q", count) +
                 b"".join(bytes(row) for row in rows), **lies)


def madt(*entries, **lies):
    return table(b"APIC", struct.pack("<II", 0xfee00000, 1) +
                 b"".join(entries), **lies)


def madt_cpu(apicid, flags=1):
    return struct.pack("<BBHIII", 9, 16, 0, apicid, flags, apicid)


def ranges(*entries):
    """A map's text, of (start, end, type)."""
    return "".join(f"0x{start:x}-0x{end - 1:x} {kind}\n"
                   for start, end, kind in entries).encode()


def pieces(count, step=32 * M, size=16 * M):
    return ranges(*[(M + i * step, M + i * step + size, "usable")
                    for i in range(count)])


TWO_NODES = srat(srat_cpu(0, 0), srat_cpu(1, 1), srat_mem(0, 0, 128 * M),
                 srat_mem(1, 128 * M, 128 * M))
TWO_CPUS = madt(madt_cpu(0), madt_cpu(1))
RAM_256M = ranges((0, 256 * M, "usable"))
# Page 0 and the ISA hole are never RAM.
LOW = PAGE + 0x60000


# ---- cases -----------------------------------------------------------------

CASES = []


def boots(name, said, ram=256 * M - LOW, nodes=1, cpus=1, cmdline="", **files):
    """Starts, with these lines in the log and so much RAM (None: any)."""
    if "e820" not in files and "iomem" not in files:
        files["e820"] = RAM_256M
    CASES.append((name, cmdline, files, said, (ram, nodes, cpus), None))


def stops(name, line, cmdline="", **files):
    """Does not start: this is the line on stderr."""
    CASES.append((name, cmdline, files, [], None, line))


def map_cases():
    boots("map: ranges overlap",
          ["e820: entry 1 [mem 0x0000000000800000-0x0000000000ffffff] reserved"
           " overlaps [mem 0x0000000000000000-0x000000000fffffff] usable: "
           "the higher type holds"], ram=248 * M - LOW,
          e820=ranges((0, 256 * M, "usable"), (8 * M, 16 * M, "reserved")))
    boots("map: a range ends before it starts",
          [':2: "0x9000-0x8000 usable": range ends before it starts: ignored'],
          e820=RAM_256M + b"0x9000-0x8000 usable\n")
    boots("map: a range of no bytes",
          [':2: "0000000020000000 - 0000000020000000 (usable)": '
           'range ends before it starts: ignored'],
          e820=RAM_256M + b"0000000020000000 - 0000000020000000 (usable)\n")
    boots("map: ranges out of order",
          ["e820: entry 1 [mem 0x0000000000000000-0x0000000007ffffff] usable "
           "is out of order: sorted"],
          e820=ranges((128 * M, 256 * M, "usable"), (0, 128 * M, "usable")))
    boots("map: a range passes 2^64",
          [':2: "0xffffffffffff0000-0x1ffff usable": '
           'range ends before it starts: ignored'],
          e820=RAM_256M + b"0xffffffffffff0000-0x1ffff usable\n")
    boots("map: an address of more than 64 bits",
          [':2: "0x10000000000000000-0x1ffff usable": no start address: '
           'ignored'],
          e820=RAM_256M + b"0x10000000000000000-0x1ffff usable\n")
    boots("map: a range is the whole address space",
          [':2: "0x0-0xffffffffffffffff usable": range is the whole address '
           'space: ignored'],
          e820=RAM_256M + b"0x0-0xffffffffffffffff usable\n")
    boots("map: an unknown type",
          ["e820: entry 1 [mem 0x0000000020000000-0x0000000020ffffff] has "
           "unknown type 99: reserved"],
          e820=RAM_256M + b"0x20000000-0x20ffffff type 99\n")
    boots("map: a type that is no type",
          [':2: "0x20000000-0x20ffffff frob": unknown type: ignored',
           ':3: "0x20000000-0x20ffffff": no type: ignored'],
          e820=RAM_256M + b"0x20000000-0x20ffffff frob\n"
          b"0x20000000-0x20ffffff\n")
    boots("map: bytes that are no text",
          [": no start address: ignored"],
          e820=RAM_256M + b"\xff\xfe\x01\x7f%s%n\n")
    boots("map: RAM between page boundaries", [], ram=255 * M,
          e820=ranges((M + 1, 256 * M + 4095, "usable"),
                      (600 * M + 1, 600 * M + 4096, "usable"),
                      (M - PAGE // 2, M - 1, "usable"),
                      (256 * M + 4096, 257 * M, "reserved"),
                      (512 * M - 100, 512 * M, "usable"),
                      (0, 4096, "usable"),
                      (700 * M, 700 * M + PAGE, "usable")))
    boots("map: RAM above what can be addressed",
          ["e820: [mem 0x0000100000000000-0x000010003fffffff] is RAM above "
           "0x0000100000000000, which this kernel cannot address: left out"],
          e820=ranges((0, 256 * M, "usable"), (16 * T, 16 * T + G, "usable")))
    for count in (127, 128, 129, 200, MAX_RANGES):
        boots(f"map: {count} pieces of RAM", [], ram=count * 16 * M,
              e820=pieces(count))
    boots("map: one range more than fit",
          [f':{MAX_RANGES + 1}: "0x140100000-0x1410fffff usable": '
           'table is full: ignored'], ram=MAX_RANGES * 16 * M,
          e820=pieces(MAX_RANGES + 1, step=16 * M))
    boots("map: RAM only above 4 GiB", [], ram=G,
          e820=ranges((0, 4 * G, "reserved"), (4 * G, 5 * G, "usable")))
    boots("map: iomem with a bad line",
          [':2: "20000000-2fffffff System RAM": no " : " after the range: '
           'ignored'],
          iomem=b"00000000-0fffffff : System RAM\n"
          b"20000000-2fffffff System RAM\n")
    stops("map: iomem with hidden addresses",
          ':1: "00000000-00000000 : System RAM": addresses are hidden: '
          'read the file as root',
          iomem=b"00000000-00000000 : System RAM\n")
    stops("map: RAM only above what can be addressed",
          "RAM from 0x100000000000 on: above 16 TiB, more than a struct page "
          "can name", e820=ranges((16 * T, 17 * T, "usable")))
    stops("map: no RAM", "no usable RAM in the map",
          e820=ranges((0, G, "reserved")))
    stops("map: less RAM than a page",
          "No whole page of usable RAM in the memory map: nothing to run on",
          e820=ranges((M, M + 100, "usable")))
    stops("map: only page 0",
          "No usable RAM in the firmware's memory map: nothing to run on",
          e820=ranges((0, PAGE, "usable")))
    stops("map: no sound line", ':1: "hello": no start address',
          e820=b"hello\n")


def srat_cases():
    def one_node(name, said, raw, **more):
        boots("SRAT: " + name, said + ["No NUMA configuration found"],
              srat=raw, **more)

    boots("SRAT: sound", ["SRAT: PXM 1 -> APIC 0x0001 -> Node 1"], nodes=2,
          cpus=2, srat=TWO_NODES, madt=TWO_CPUS)
    one_node("a wrong checksum",
             [f"ACPI: given table SRAT of {len(TWO_NODES)} bytes has a wrong "
              "checksum: ignored"],
             srat(srat_mem(0, 0, 128 * M), srat_mem(1, 128 * M, 128 * M),
                  srat_cpu(0, 0), srat_cpu(1, 1), checksum=False))
    one_node("a length past its end",
             ["ACPI: given table SRAT of 88 bytes is longer than what there "
              "is of it: ignored"],
             srat(srat_mem(0, 0, 256 * M), length=5000))
    one_node("a length below a header's",
             ["ACPI: given table SRAT of 88 bytes says it is shorter than "
              "its header: ignored"], srat(srat_mem(0, 0, G), length=20))
    one_node("less than a header",
             ["ACPI: given table SRAT of 10 bytes is shorter than a header: "
              "ignored"], srat()[:10])
    one_node("no room for the first entry",
             ["SRAT: table has 40 bytes, not even 48"],
             table(b"SRAT", bytes(4)))
    one_node("no entries", ["SRAT: no entry names any memory"], srat())
    one_node("an entry of no bytes",
             ["ACPI: SRAT: entry 1 at offset 0x58 has a bad length: the table "
              "is cut there"], srat(srat_mem(0, 0, 256 * M), b"\x01\x00"))
    one_node("an entry past the end",
             ["ACPI: SRAT: entry 0 at offset 0x30 has a bad length: the table "
              "is cut there"], srat(srat_mem(0, 0, 256 * M)[:30]))
    one_node("an entry too short for its type",
             ["SRAT: entry at offset 0x30 of type 1 has 20 bytes, not 40"],
             srat(b"\x01\x14" + bytes(18)))
    one_node("memory of no bytes",
             ["SRAT: entry at offset 0x30: memory at 0x1000 of 0x0 bytes is no "
              "range"], srat(srat_mem(0, 0x1000, 0)))
    one_node("memory that wraps",
             ["SRAT: entry at offset 0x30: memory at 0xffffffffffff0000 of "
              "0x20000 bytes is no range"],
             srat(srat_mem(0, 2**64 - 0x10000, 0x20000)))
    one_node("nodes overlap",
             ["NUMA: Error: node 0 [mem 0x00000000-0x0bffffff] overlaps with "
              "node 1 [mem 0x08000000-0x0fffffff]"],
             srat(srat_mem(0, 0, 192 * M), srat_mem(1, 128 * M, 128 * M)))
    one_node("a node is missing",
             ["NUMA: nodes only cover 127MB of your 255MB e820 RAM. "
              "Not used."], srat(srat_mem(0, 0, 128 * M)))
    one_node("more nodes than fit",
             [f"SRAT: entry at offset {48 + 40 * NR_NODES:#x}: proximity domain "
              f"{NR_NODES} is one more than the {NR_NODES} nodes there is "
              "room for"],
             srat(*[srat_mem(i, i * 3 * M, 3 * M)
                    for i in range(NR_NODES + 1)]))
    boots("SRAT: RAM between nodes",
          ["NUMA: [mem 0x07ff0000-0x07ffffff] is in no node's range: given to "
           "node 0"], nodes=2,
          srat=srat(srat_mem(0, 0, 128 * M - 0x10000),
                    srat_mem(1, 128 * M, 128 * M)))
    boots("SRAT: more CPUs than fit",
          ["NUMA: APIC 0x200 on node 0 is one more than the 512 processors "
           "there is room for: ignored"],
          srat=srat(srat_mem(0, 0, 256 * M),
                    *[srat_cpu(0, i) for i in range(NR_CPUS + 1)]))
    stops("SRAT: another table", 'starts with "APIC", not with "SRAT"',
          srat=TWO_CPUS)
    stops("SRAT: an empty file", ": is empty", srat=b"")


def slit_cases():
    def unused(name, line, raw):
        boots("SLIT: " + name, [line], nodes=2, cpus=2, srat=TWO_NODES,
              slit=raw, madt=TWO_CPUS)

    def entry(name, i, j, reason, *rows):
        unused(name, f"SLIT: table looks invalid: entry [{i}][{j}]: {reason}. "
               "Not used.", slit(*rows))

    entry("not symmetric", 0, 1, "it is not the same both ways",
          (10, 20), (30, 10))
    entry("a zero between nodes", 0, 1, "another domain is no farther than "
          "the own", (10, 0), (0, 10))
    entry("a zero of a node to itself", 0, 0, "a domain is not at distance "
          "10 from itself", (0, 20), (20, 10))
    entry("a wrong diagonal", 1, 1, "a domain is not at distance 10 from "
          "itself", (10, 20), (20, 11))
    unused("shorter than its matrix", "SLIT: table of 46 bytes is too short "
           "for its matrix. Not used.", slit((10, 20), count=9))
    unused("a count that wraps", "SLIT: table of 48 bytes is too short for "
           "its matrix. Not used.", slit((10, 20), (20, 10), count=2**63))
    unused("a wrong checksum", "ACPI: given table SLIT of 48 bytes has a "
           "wrong checksum: ignored",
           slit((10, 20), (20, 10), checksum=False))
    boots("SLIT: of one node where there are two", [], nodes=2, cpus=2,
          srat=TWO_NODES, slit=slit((10,)), madt=TWO_CPUS)


def madt_cases():
    def alone(name, line, raw):
        boots("MADT: " + name, [line], madt=raw)

    alone("a wrong checksum", "ACPI: given table APIC of 76 bytes has a wrong "
          "checksum: ignored", madt(madt_cpu(0), madt_cpu(1), checksum=False))
    alone("less than its header", "ACPI: MADT has 40 bytes, not even 44: "
          "ignored", table(b"APIC", bytes(4)))
    alone("an entry of no bytes", "ACPI: APIC: entry 1 at offset 0x3c has a "
          "bad length: the table is cut there", madt(madt_cpu(0), bytes(4)))
    boots("MADT: an entry too short for its type",
          ["ACPI: MADT: entry at offset 0x2c of type 9 has 8 bytes, not 16: "
           "ignored"], cpus=2,
          madt=madt(b"\x09\x08" + bytes(6), madt_cpu(0), madt_cpu(1)))
    boots("MADT: a processor twice", [], cpus=2,
          madt=madt(madt_cpu(0), madt_cpu(1), madt_cpu(1)))
    boots("MADT: more processors than fit",
          [f"APIC: NR_CPUS/nr_cpus limit of {NR_CPUS} reached. Processor "
           f"{NR_CPUS}/0x200 ignored."], cpus=NR_CPUS,
          madt=madt(*[madt_cpu(i) for i in range(NR_CPUS + 1)]))
    boots("MADT: no processors", [], madt=madt())


OPTIONS = {
    # name: [(value, the reason in the log)]
    "mem": [("abc", "is no size"), ("", "is no size"), ("0", "is no size"),
            ("-5", "is no size"), ("64Mx", "is no size"),
            ("99999999999999999999", "has more than 64 bits"),
            (None, "is no size")],
    "memmap": [("%%%", "does not start with a size"), ("", "has no value"),
               ("64M@", "has no start address"), ("0@1M", "has size 0"),
               ("1M@1M@1M", "has more text after its end"),
               ("1M*1M", "has something else than one of @ # $ ! % after the "
                "size"),
               ("1M%1M-x", "has no memory type after -"),
               ("1M%1M+0", "has no memory type after +"),
               ("1M@99999999999999999999",
                "has a start address of more than 64 bits"),
               ("1M@0xffffffffffff0000", "passes the end of the address "
                "space"), (None, "has no value")],
    "numa": [("frob", "is not known, only off, noacpi, fake="),
             (None, "is not known, only off, noacpi, fake=")],
    "numa=fake": [(value, "is neither a count nor a size")
                  for value in ("", "0", "x", "4x", "-1", "2UU")],
    "nr_cpus": [(value, "is no number from 1 up")
                for value in ("0", "x", "-1", "", "99999999999", None)],
    "possible_cpus": [("0", "is no number from 1 up"),
                      ("2x", "is no number from 1 up")],
    "maxcpus": [("-1", "is no number from 0 up"),
                ("x", "is no number from 0 up")],
    "kernelcore": [("x", "is neither a size nor a percentage"),
                   ("101%", "is no percentage up to 100"),
                   ("5Q", "is neither a size nor a percentage"),
                   (None, "is neither a size nor a percentage")],
    "movablecore": [("", "is neither a size nor a percentage"),
                    ("5%%", "is no percentage up to 100")],
    "memblock": [("x", "is not known, only debug"),
                 (None, "is not known, only debug")],
    "loglevel": [("x", "is no number"), (None, "is no number")],
    "deferred_init": [("x", "is not on, off or auto"),
                      (None, "is not on, off or auto")],
    "acpi": [("on", "is not known, only off")],
    "reserve_mem": [("x", "does not start with a size and a colon"),
                    ("4K:3:a", "has no power of two and a colon after its "
                     "size"), ("4K:4K:1a", "has a bad name")],
    "nosmp": [("1", "takes no value")],
    "quiet": [("1", "takes no value")],
    "debug": [("1", "takes no value")],
    "movable_node": [("1", "takes no value")],
    "disable_mtrr_trim": [("1", "takes no value")],
}


def cmdline_cases():
    for name, values in OPTIONS.items():
        for value, reason in values:
            word = name if value is None else f"{name}={value}"
            boots(word, [f"{word} {reason}: ignored"], cmdline=word)
    long = "1" * 80
    boots("memmap= with a long piece",
          ["memmap= has a piece of 80 characters: ignored"],
          cmdline="memmap=" + long)
    # Options that another port or the loader's code reads.
    for word in ("frob=1", "detect=frob", "memtest=x", "="):
        boots("unknown: " + word,
              [f'Unknown kernel command line parameters "{word}", will be '
               'passed to user space.'], cmdline=word)
    boots("what is sound among what is not",
          ["mem=x is no size: ignored", "numa=y is not known, only off, "
           "noacpi, fake=: ignored"], ram=128 * M - LOW, nodes=2,
          cmdline="mem=x mem=128M numa=y numa=fake=2")
    boots("nr_cpus= above the limit",
          [f"nr_cpus=600 is more than there is room for: {NR_CPUS} it is"],
          cmdline="nr_cpus=600")
    boots("more fake nodes than fit",
          ["NUMA: 999 nodes were asked for, there are 64: a node has at least "
           "4M, and there are at most 64"], nodes=64, cmdline="numa=fake=999")
    boots("fake nodes of less than a block",
          ["numa=fake=3M is rounded up to 4M, the largest block"], nodes=64,
          cmdline="numa=fake=3M")
    boots("RAM only above 4 GiB by memmap=", [], ram=512 * M,
          cmdline="memmap=exactmap memmap=512M@4G")
    boots("possible_cpus= below what the MADT has",
          ["smpboot: 2 processors exceed possible_cpus= limit of 1"],
          cmdline="possible_cpus=1", madt=TWO_CPUS)
    for word in ("mem=4K", "memmap=exactmap", "memmap=256M$0"):
        stops("no RAM: " + word, "No usable RAM in the firmware's memory map: "
              "nothing to run on", cmdline=word)


# ---- running ---------------------------------------------------------------

def wrong_machine(made, expected):
    ram, nodes, cpus = expected
    faults = []
    present = sum(z["present"] for z in made["zones"]) * PAGE
    if ram is not None and present != ram:
        faults.append(f"present {present} bytes, expected {ram}")
    if made["machine"]["nodes"] != nodes:
        faults.append(f"{made['machine']['nodes']} nodes, not {nodes}")
    if made["machine"]["cpus"] != cpus:
        faults.append(f"{made['machine']['cpus']} CPUs, not {cpus}")
    return faults


def message(line):
    """A line of the log without its time."""
    return line.split("] ", 1)[1] if line.startswith("[") else line


def wrong_lines(log, said):
    faults = []
    for text in said:
        found = [line for line in log if line == text or
                 (text.startswith(":") and line.endswith(text))]
        if len(found) != 1:
            faults.append(f"{len(found)} lines, not one, say: {text}")
    loud = [line for line in log if "ignored" in line]
    for line in loud:
        if not any(line.endswith(text) for text in said):
            faults.append(f"not expected: {line}")
    return faults


def check(command, said, expected, line):
    """What is wrong with how the command ended, as a list of lines."""
    done = subprocess.run(command, capture_output=True, timeout=60,
                          check=False)
    out = done.stdout.decode(errors="replace")
    err = done.stderr.decode(errors="replace")
    if line:
        if done.returncode not in (1, 2) or out:
            return [f"status {done.returncode}, stdout: {out[:200]}"]
        if not err.endswith(line + "\n") or err.count("\n") != 1:
            return [f"expected one line ending in: {line}", f"stderr: {err}"]
        return []
    if done.returncode:
        return [f"status {done.returncode}: {err.strip()}"]
    log, _, made = out.partition("\n{")
    return wrong_lines([message(x) for x in log.splitlines()], said) + \
        wrong_machine(json.loads("{" + made), expected)


def command_of(octavo, folder, number, cmdline, files):
    command = [octavo, "boot", "--log", "--json"]
    for kind, data in files.items():
        path = os.path.join(folder, f"{number}.{kind}")
        with open(path, "wb") as f:
            f.write(data)
        command += [f"--{kind}", path]
    return command + (["--cmdline", cmdline] if cmdline else [])


def main():
    octavo = sys.argv[1]
    map_cases()
    srat_cases()
    slit_cases()
    madt_cases()
    cmdline_cases()
    cases = [c for c in CASES if len(sys.argv) < 3 or c[0] == sys.argv[2]]
    folder = tempfile.mkdtemp(prefix="octavo-bad-input-")
    failed = 0
    for number, case in enumerate(cases, 1):
        name, cmdline, files, said, expected, line = case
        command = command_of(octavo, folder, number, cmdline, files)
        faults = check(command, said, expected, line)
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - "
              f"{name.replace('#', 'number')}")
        for fault in faults:
            print(f"# {fault}")
        if faults:
            print(f"# replay: {shlex.join(command)}")
    print(f"1..{len(cases)}")
    if not failed:
        for file in os.listdir(folder):
            os.unlink(os.path.join(folder, file))
        os.rmdir(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
