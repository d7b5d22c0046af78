#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make a bzImage from the 16-bit setup code and the kernel's ELF file.

usage: bzimage.py SETUP.elf KERNEL.elf OUTPUT [VERSION]

The payload is the ELF's load segments laid out by physical address, from
1 MiB on, uncompressed; the header fields that depend on it are filled in:

  0x1f1 setup_sects         sectors of setup code after the first
  0x1f4 syssize             payload in 16-byte units
  0x22c initrd_addr_max     the last byte that an initrd may have: with 32 bits
                            where memory is that is always mapped
  0x236 xloadflags          whether there is a 64-bit entry, above 4 GiB too
  0x260 init_size           bytes in memory, .bss included
  0x268 kernel_info_offset  of the "LToP" record in the payload
"""
import struct
import sys

SECTOR = 512
LOAD = 0x100000
KERNEL_INFO = 0xfd0
PT_LOAD = 1

# By the width of the kernel: xloadflags, initrd_addr_max.
XLF_KERNEL_64 = 1 << 0
XLF_CAN_BE_LOADED_ABOVE_4G = 1 << 1
WIDTH_FIELDS = {64: (XLF_KERNEL_64 | XLF_CAN_BE_LOADED_ABOVE_4G, 0x7fffffff),
                32: (0, (896 << 20) - 1)}


def segments(path):
    """[(physical address, bytes in file, size in memory)] of an ELF file."""
    with open(path, "rb") as file:
        elf = file.read()
    if elf[:4] != b"\x7fELF":
        sys.exit("bzimage.py: %s: not an ELF file" % path)
    wide = elf[4] == 2
    if wide:
        phoff, = struct.unpack_from("<Q", elf, 32)
        size, count = struct.unpack_from("<HH", elf, 54)
    else:
        phoff, = struct.unpack_from("<I", elf, 28)
        size, count = struct.unpack_from("<HH", elf, 42)
    found = []
    for at in range(phoff, phoff + size * count, size):
        if wide:
            kind, _, off, _, paddr, filesz, memsz = \
                struct.unpack_from("<IIQQQQQ", elf, at)
        else:
            kind, off, _, paddr, filesz, memsz = \
                struct.unpack_from("<IIIIII", elf, at)
        if kind == PT_LOAD and memsz:
            found.append((paddr, elf[off:off + filesz], memsz))
    if not found:
        sys.exit("bzimage.py: %s: nothing to load" % path)
    return found


def width(path):
    with open(path, "rb") as file:
        return 64 if file.read(5)[4] == 2 else 32


def flatten(path, base):
    """The file's segments as one block from `base`, and its memory size."""
    image = bytearray()
    end = base
    for paddr, data, memsz in sorted(segments(path)):
        if paddr < base + len(image):
            sys.exit("bzimage.py: %s: segments overlap at %#x" % (path, paddr))
        if data:
            image.extend(bytes(paddr - base - len(image)))
            image.extend(data)
        end = max(end, paddr + memsz)
    return image, end - base


def round_up(value, unit):
    return (value + unit - 1) // unit * unit


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    setup, _ = flatten(sys.argv[1], 0)
    payload, init_size = flatten(sys.argv[2], LOAD)
    if len(sys.argv) == 5:
        # The version string stands behind the setup code.
        struct.pack_into("<H", setup, 0x20e, len(setup) - 0x200)
        setup.extend(sys.argv[4].encode() + b"\0")

    setup.extend(bytes(round_up(len(setup), SECTOR) - len(setup)))
    payload.extend(bytes(round_up(len(payload), 16) - len(payload)))
    if payload[KERNEL_INFO:KERNEL_INFO + 4] != b"LToP":
        sys.exit("bzimage.py: no kernel_info at payload %#x" % KERNEL_INFO)
    sectors = len(setup) // SECTOR - 1
    if not 0 < sectors < 64:
        sys.exit("bzimage.py: setup code of %d sectors" % sectors)

    xloadflags, initrd_addr_max = WIDTH_FIELDS[width(sys.argv[2])]
    struct.pack_into("<B", setup, 0x1f1, sectors)
    struct.pack_into("<I", setup, 0x1f4, len(payload) // 16)
    struct.pack_into("<I", setup, 0x22c, initrd_addr_max)
    struct.pack_into("<H", setup, 0x236, xloadflags)
    struct.pack_into("<I", setup, 0x260, round_up(init_size, 4096))
    struct.pack_into("<I", setup, 0x268, KERNEL_INFO)
    with open(sys.argv[3], "wb") as out:
        out.write(setup + payload)


if __name__ == "__main__":
    main()
