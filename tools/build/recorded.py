#!/usr/bin/env python3
# recorded.py OUT.c NAME=FILE...: each file becomes `const unsigned char
# recorded_NAME[]` and `const unsigned long recorded_NAME_size`, so that tests
# find recorded data on the host and in a booted kernel alike.
import sys


def array(name, data):
    rows = [", ".join(f"0x{b:02x}" for b in data[i:i + 12])
            for i in range(0, len(data), 12)]
    return (f"const unsigned char recorded_{name}[] = {{\n\t"
            + ",\n\t".join(rows) + "\n};\n"
            f"const unsigned long recorded_{name}_size = {len(data)};\n")


with open(sys.argv[1], "w") as out:
    out.write("/* Made by tools/build/recorded.py from tests/data. */\n\n")
    for argument in sys.argv[2:]:
        name, path = argument.split("=", 1)
        with open(path, "rb") as f:
            out.write(array(name, f.read()) + "\n")
