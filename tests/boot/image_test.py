#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold an image against the boot protocols, byte by byte, without booting it.

usage: image_test.py NAME.bzImage NAME.elf     (writes TAP)
"""
import struct
import sys

MULTIBOOT = 0x1badb002
LOAD = 0x100000
# QEMU looks for a multiboot header where 48 bytes of one would fit, would then
# refuse a 64-bit ELF file and not look for the PVH note of a 32-bit one;
# multiboot itself allows the first 8192.
QEMU_LOOKS_BELOW = 8192 - 48
MULTIBOOT_BELOW = 8192 - 12

count = failed = 0


def point(good, name, found=None):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, name))
    if not good and found is not None:
        print("# found %s" % (hex(found) if isinstance(found, int) else found))


def headers_of(image):
    """(wide, entry, program headers) of an ELF file; each header is (type,
    flags, offset, address, physical address, bytes in the file, in memory).
    """
    wide = image[4] == 2
    if wide:
        entry, phoff = struct.unpack_from("<QQ", image, 24)
        size, number = struct.unpack_from("<HH", image, 54)
        form, order = "<IIQQQQQQ", (0, 1, 2, 3, 4, 5, 6)
    else:
        entry, phoff = struct.unpack_from("<II", image, 24)
        size, number = struct.unpack_from("<HH", image, 42)
        form, order = "<IIIIIIII", (0, 6, 1, 2, 3, 4, 5)
    found = []
    for i in range(number):
        fields = struct.unpack_from(form, image, phoff + i * size)
        found.append(tuple(fields[n] for n in order))
    return wide, entry, found


def bzimage(path, wide):
    with open(path, "rb") as file:
        image = file.read()

    def field(form, at):
        return struct.unpack_from("<" + form, image, at)[0]

    point(field("H", 0x1fe) == 0xaa55, "boot flag at 0x1fe")
    point(image[0x202:0x206] == b"HdrS", "header magic at 0x202")
    point(field("H", 0x206) == 0x20f, "protocol 2.15", field("H", 0x206))
    point(image[0x200] == 0xeb, "short jump at 0x200")
    point(0x202 + image[0x201] == 0x26c, "header ends at 0x26c",
          0x202 + image[0x201])
    point(image[0x211] & 1, "payload is loaded high")
    point(field("I", 0x214) == LOAD, "code32_start is 1 MiB",
          field("I", 0x214))
    point(field("Q", 0x258) == LOAD, "pref_address is 1 MiB",
          field("Q", 0x258))
    start = (image[0x1f1] + 1) * 512
    payload = image[start:]
    point(field("I", 0x1f4) * 16 == len(payload), "syssize is the payload's",
          field("I", 0x1f4) * 16)
    point(field("I", 0x260) > len(payload), "init_size covers .bss as well",
          field("I", 0x260))
    point(field("I", 0x238) == 2047, "cmdline_size is 2047",
          field("I", 0x238))
    point(bool(field("H", 0x236) & 1) == wide,
          "a 64-bit entry is announced where there is one",
          field("H", 0x236))
    at = field("I", 0x268)
    point(payload[at:at + 4] == b"LToP", "kernel_info is where it says")
    version = 0x200 + field("H", 0x20e)
    point(version < start and image.index(b"\0", version) < start,
          "version string lies in the setup code", version)
    return payload


def elf(path, bzimage_path):
    with open(path, "rb") as file:
        image = file.read()
    point(image[:4] == b"\x7fELF", "ELF file")
    wide, entry, headers = headers_of(image)
    top = 63 if wide else 31        # of an address of the kernel's
    payload = bzimage(bzimage_path, wide)
    point(any(h[0] == 1 and h[3] <= entry < h[3] + h[6] for h in headers)
          and entry < 1 << 32, "entry is in a segment, below 4 GiB", entry)

    magics = [at for at in range(0, 8192 - 12, 4)
              if struct.unpack_from("<I", image, at)[0] == MULTIBOOT]
    point(len(magics) == 1, "one multiboot header", magics)
    at = magics[0] if magics else 0
    point(QEMU_LOOKS_BELOW <= at <= MULTIBOOT_BELOW,
          "it lies where GRUB looks and QEMU does not", at)
    point(sum(struct.unpack_from("<III", image, at)) & 0xffffffff == 0,
          "its checksum is right")

    notes = [image[h[2]:h[2] + h[5]] for h in headers if h[0] == 4]
    word = 8 if wide else 4
    pvh = [int.from_bytes(n[16:16 + word], "little") for n in notes
           if n[:16] == struct.pack("<III", 4, word, 18) + b"Xen\0"]
    point(len(pvh) == 1 and LOAD <= pvh[0] < LOAD + 0x1000,
          "PVH note names an entry in the first page", pvh)
    writable_text = [h for h in headers
                     if h[0] == 1 and h[1] & 3 == 3 and h[3] >> top
                     and not init_segment(headers, h, top)]
    point(not writable_text, "no segment but init is writable and executable")

    first = min((h for h in headers if h[0] == 1), key=lambda h: h[4])
    point(image[first[2]:first[2] + 64] == payload[:64],
          "payload starts with the ELF file's first segment")


def init_segment(headers, header, top):
    """Init is the one such segment: text and data that are given back."""
    both = [h for h in headers if h[0] == 1 and h[1] & 3 == 3 and h[3] >> top]
    return len(both) == 1 and both[0] is header


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    elf(sys.argv[2], sys.argv[1])
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
