#!/usr/bin/env python3
"""stages.py BUILD CONFIG...: who calls whom, and who keeps state.

Reads the archives that meson made of each stage with nm, and checks

  1. direction: a stage calls only stages it may (the table below); the way
     back leads through mm/upcalls.h: its function pointers, which nm does not
     see as an edge, and the few functions that it declares by name;
  2. state: no object of the core holds writable data outside the per-CPU
     template. Everything that changes hangs off struct machine;
  3. width: no source file of mm/ asks how many bits a word has. Headers and
     the build choose.

Prints TAP. A failing point names every edge or variable with its object.
"""
import collections
import pathlib
import re
import subprocess
import sys

# A stage may always call itself and the port.
MAY = {
    "lib": {"kernel"},  # the log and assertions
    "kernel": {"lib", "page", "slab"},  # a thread is an object and pages
    "early": {"lib", "kernel"},
    "page": {"lib", "kernel", "early"},
    "slab": {"lib", "kernel", "early", "page"},
    "kvirt": {"lib", "kernel", "early", "page", "slab"},
    "drivers": {"lib", "kernel", "early", "page", "slab", "kvirt"},
    "reclaim": {"lib", "kernel", "early", "page", "slab", "kvirt"},
    "fs": {"lib", "kernel", "early", "page", "slab", "kvirt"},
    "module": {"lib", "kernel", "early", "page", "slab", "kvirt", "reclaim",
               "fs"},
    "init": {"lib", "kernel", "early", "page", "slab", "kvirt", "reclaim", "fs",
             "module", "drivers"},
}
# What tells 32 bits from 64.
WIDTH = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b.*\b(CONFIG_64BIT|"
                   r"CONFIG_X86_\w+|CONFIG_HIGHMEM|BITS_PER_LONG|"
                   r"__x86_64__|__i386__|__LP64__)\b", re.MULTILINE)
WRITABLE = (".data", ".bss", "COM")
CONSTANT = (".data.rel.ro",)


def symbols(archive):
    """(object, name, class, section) of every symbol of an archive."""
    out = subprocess.run(["nm", "-f", "sysv", str(archive)], check=True,
                         capture_output=True, text=True).stdout
    obj = "?"
    for line in out.splitlines():
        if line.startswith(("Symbols from", "Undefined symbols from")):
            obj = line.split("[")[-1].split("]")[0]
        cols = [c.strip() for c in line.split("|")]
        if len(cols) == 7 and cols[0] != "Name":
            yield obj, cols[0], cols[2], cols[6]


def load(build, config):
    defined, wanted, state = {}, collections.defaultdict(set), []
    for stage in list(MAY) + ["port"]:
        archive = pathlib.Path(build) / f"lib{stage}-{config}.a"
        if not archive.exists():
            continue
        for obj, name, cls, section in symbols(archive):
            if cls == "U":
                wanted[stage].add((name, obj))
            elif cls.isupper() or cls in "wv":
                defined.setdefault(name, stage)
            if stage != "port" and cls.upper() in "DBC" and \
                    section.startswith(WRITABLE) and \
                    not section.startswith(CONSTANT):
                state.append(f"{stage}: {name} in {obj} ({section})")
    return defined, wanted, state


def upcalls():
    """The functions that mm/upcalls.h declares."""
    header = pathlib.Path(__file__).parents[2] / "mm" / "upcalls.h"
    return set(re.findall(r"^[a-z].*?(\w+)\(", header.read_text(), re.M))


def widths():
    """Lines of mm/*.c that depend on the width of a word."""
    mm = pathlib.Path(__file__).parents[2] / "mm"
    return [f"{path.relative_to(mm.parent)}: {found.group(0).strip()}"
            for path in sorted(mm.rglob("*.c"))
            for found in WIDTH.finditer(path.read_text())]


def main():
    build, configs = sys.argv[1], sys.argv[2:]
    points, back = [], upcalls()
    for config in configs:
        defined, wanted, state = load(build, config)
        for needed in ("lib", "kernel", "early", "page", "slab"):
            points.append((f"{config}.has_{needed}",
                           [] if needed in wanted else
                           [f"no archive of stage {needed}"]))
        for stage, may in MAY.items():
            bad = [f"{obj} of {stage} calls {name} of {defined[name]}"
                   for name, obj in sorted(wanted[stage])
                   if name in defined and name not in back
                   and defined[name] not in may | {stage, "port"}]
            points.append((f"{config}.direction_{stage}", bad))
        points.append((f"{config}.no_stray_state", state))
    points.append(("no_width_in_mm", widths()))
    print(f"1..{len(points)}")
    for n, (name, bad) in enumerate(points, 1):
        print(f"{'not ok' if bad else 'ok'} {n} - {name}")
        for line in bad:
            print(f"# {line}")
    return 1 if any(bad for _, bad in points) else 0


if __name__ == "__main__":
    sys.exit(main())
