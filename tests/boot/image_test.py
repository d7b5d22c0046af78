#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold an image against the boot protocols, byte by byte, without booting it.

usage: image_test.py NAME.bzImage NAME.elf     (writes TAP)
"""
import struct
import sys

MULTIBOOT = 0x1badb002
LOAD = 0x100000
# QEMU looks for a multiboot header where 48 bytes of one would fit, and would
# then refuse the 64-bit ELF file; multiboot itself allows the first 8192.
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


def bzimage(path):
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
    point(field("H", 0x236) & 1, "64-bit entry is announced")
    at = field("I", 0x268)
    point(payload[at:at + 4] == b"LToP", "kernel_info is where it says")
    version = 0x200 + field("H", 0x20e)
    point(version < start and image.index(b"\0", version) < start,
          "version string lies in the setup code", version)
    return payload


def elf(path, payload):
    with open(path, "rb") as file:
        image = file.read()
    point(image[:5] == b"\x7fELF\x02", "64-bit ELF")
    entry, phoff = struct.unpack_from("<QQ", image, 24)
    size, number = struct.unpack_from("<HH", image, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", image, phoff + i * size)
               for i in range(number)]
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
    pvh = [struct.unpack_from("<Q", n, 16)[0] for n in notes
           if n[:16] == struct.pack("<III", 4, 8, 18) + b"Xen\0"]
    point(len(pvh) == 1 and LOAD <= pvh[0] < LOAD + 0x1000,
          "PVH note names an entry in the first page", pvh)
    writable_text = [h for h in headers
                     if h[0] == 1 and h[1] & 3 == 3 and h[3] >> 63
                     and not init_segment(headers, h)]
    point(not writable_text, "no segment but init is writable and executable")

    first = min((h for h in headers if h[0] == 1), key=lambda h: h[4])
    point(image[first[2]:first[2] + 64] == payload[:64],
          "payload starts with the ELF file's first segment")


def init_segment(headers, header):
    """Init is the one such segment: text and data that are given back."""
    both = [h for h in headers if h[0] == 1 and h[1] & 3 == 3 and h[3] >> 63]
    return len(both) == 1 and both[0] is header


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    elf(sys.argv[2], bzimage(sys.argv[1]))
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
