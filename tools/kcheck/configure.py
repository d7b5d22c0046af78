#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""configure.py OUT SOURCE BUILD VERSION NAME|ARGS|ARCHIVES... -- CC...

Writes what tools/kcheck needs to know of a build: how each of its two
configurations compiles, and the archives that are linked.  ARGS and ARCHIVES
are one to a line.
"""
import json
import sys

PORT = {"host": "host", "x86": "x86"}
# Every report, for what a driver may do wrong.
CMDLINE = "slab_debug=FZPU page_owner=on"


def configuration(name, args, archives, source, build, cc):
    port = PORT[name]
    args = [a for a in args if not a.startswith(("-W", "-fno-sanitize-recover"))]
    base = {
        "cc": cc, "nm": "nm", "objcopy": "objcopy", "addr2line": "addr2line",
        "source": source, "build": build, "archives": archives,
        "include": [f"{source}/arch/{port}/include",
                    f"{source}/include/models/vmemmap", f"{source}/include",
                    f"{source}/arch/x86/include"],
        "cmdline": CMDLINE,
    }
    if name == "host":
        # One report does not end the run; addresses are those of the file.
        base["args"] = args + ["-std=gnu11", "-O1", "-g", "-fno-pie",
                               "-fno-omit-frame-pointer",
                               "-fsanitize-recover=address,undefined"]
        base["link_r"] = ["-no-pie", "-fno-sanitize=all"]
        base["link"] = ["-no-pie", "-fsanitize=address,undefined"]
    else:
        base["args"] = args + ["-std=gnu11", "-g", "-fno-optimize-sibling-calls"]
        base["link_r"] = ["-m64", "-no-pie"]
    return base


def main():
    at = sys.argv.index("--")
    out, source, build, version = sys.argv[1:5]
    cc = sys.argv[at + 1:]
    config = {"version": version}
    for text in sys.argv[5:at]:
        name, args, archives = text.split("|")
        config[name] = configuration(name, args.split("\n"),
                                     archives.split("\n"), source, build, cc)
    with open(out, "w") as f:
        json.dump(config, f, indent=1)


if __name__ == "__main__":
    main()
