# SPDX-License-Identifier: MIT
"""The boot matrix: every case that boot_test.py can run.

A case says what the machine is, how it is booted, and what the kernel must
say about it. Memory is given in MiB. Numbers that follow from the machine
(CPUs, nodes, usable memory) are checked in every case; `expect` holds what is
particular to one.
"""

import dataclasses


@dataclasses.dataclass
class Case:
    name: str
    # The machine.
    machine: str = "q35"
    mem: int = 256                      # MiB
    cpus: int = 2
    nodes: list = None                  # [(MiB, "cpus")]; None: no NUMA
    cpu: str = None                     # QEMU CPU model
    # The way in: bzimage, pvh, grub-linux, grub-linux16, grub-multiboot, or
    # loader-BITS@ADDRESS for what tests/boot/loader does.
    path: str = "bzimage"
    image: str = "octavo-x86_64-test"
    initrd: bool = False
    append: str = ""
    kunit: bool = False
    # What must come of it. None: not checked.
    nodes_up: int = None                # default: all of nodes, or 1
    cpus_up: int = None                 # default: all of cpus
    usable: tuple = None                # MiB, from and to; default: all
    kept: float = None                  # MiB that mem= and the like leave
    image_added: bool = False           # the map leaves the image out of them
    expect: list = dataclasses.field(default_factory=list)
    # A machine that must stop with this line instead of reporting success.
    stops: str = None


def even(count, mem, cpus):
    """`count` nodes with equal memory, the CPUs dealt out in turn."""
    size = mem // count
    return [(size, ",".join("%d" % c for c in range(n, cpus, count)))
            for n in range(count)]


# Test images of 32 bits: entries of page tables, and how struct pages are
# found.
NARROW = ["octavo-i386-flat-test", "octavo-i386-discontig-test",
          "octavo-i386-pae-sparse-test"]


def i386_matrix(add):
    """The 32-bit kernels: memory around what is mapped, CPUs, the ways in."""
    flat, discontig, pae = NARROW

    # Low memory ends at 896 MiB; the PCI hole of these machines is above 3 GiB
    # (pc) and 2 GiB (q35).
    for mem in 16, 64, 512, 895, 896, 897, 1024, 1536, 2048, 3072:
        add("i386-mem-%dm" % mem, image=flat, machine="pc", mem=mem,
            expect=[r"LOWMEM available"])
    for mem in 64, 896, 1024, 3072, 4096, 5120, 8192, 16384:
        add("i386-pae-mem-%dm" % mem, image=pae, mem=mem, cpu="pentium3",
            expect=[r"LOWMEM available"])
    # This one has 32 address bits, and 2 GiB below those of devices.
    add("i386-pae-cpu-narrow", image=pae, mem=8192, cpu="qemu32", kept=2048,
        expect=[r"RAM above 4GB has no address on this CPU, whose addresses "
                r"have 32 bits: 6144MB are lost"])
    # What 32-bit entries of page tables cannot address is lost, and said.
    add("i386-mem-4096m", image=flat, machine="pc", mem=4096, kept=3072)
    add("i386-mem-6144m", image=flat, machine="pc", mem=6144, kept=3072)

    for cpus in 1, 3, 8, 32:
        add("i386-cpus-%d" % cpus, image=flat, cpus=cpus, mem=1024)
    add("i386-pae-cpus-8", image=pae, cpus=8, mem=5120, cpu="max")
    # From the oldest that has what it takes to the newest.
    for cpu in "pentium", "pentium,-pse", "pentium3", "qemu32", "max":
        add("i386-cpu-" + cpu, image=flat, machine="pc", mem=1024, cpus=2,
            cpu=cpu)
    for cpu in "qemu32", "core2duo", "max", "max,-nx":
        add("i386-pae-cpu-" + cpu, image=pae, mem=1024, cpus=2, cpu=cpu)

    for count in 1, 2, 4:
        add("i386-nodes-%d" % count, image=discontig, mem=512 * count,
            cpus=count, nodes=even(count, 512 * count, count))
        add("i386-pae-nodes-%d" % count, image=pae, mem=2048 * count,
            cpus=count, cpu="max", nodes=even(count, 2048 * count, count))
    add("i386-fake-4", image=discontig, mem=2048, append="numa=fake=4",
        nodes_up=4)
    add("i386-pae-fake-4", image=pae, mem=5120, cpu="max", append="numa=fake=4",
        nodes_up=4)

    # All unit tests on either kind of page tables; those of frames and nodes
    # with another model, and where memory lies above 4 GiB, node 1 all high.
    add("i386-flat-kunit", image=flat, mem=2048, cpus=2, kunit=True)
    add("i386-pae-sparse-kunit", image=pae, mem=2048, cpus=2, kunit=True)
    add("i386-discontig-kunit", image=discontig, mem=2048, cpus=2,
        append="kunit=[bmnp]*", nodes=even(2, 2048, 2),
        expect=[r"ok \d+ memory_model", r"# Totals: pass:\d+ fail:0"])
    add("i386-pae-kunit-5g", image=pae, mem=5120, cpus=2, cpu="max",
        append="kunit=[hmnp]*", nodes=even(2, 5120, 2),
        expect=[r"ok \d+ highmem", r"# Totals: pass:\d+ fail:0"])

    for path in ("bzimage", "pvh", "grub-linux", "grub-linux16",
                 "grub-multiboot"):
        add("i386-path-%s" % path, path=path, image=flat, initrd=True,
            mem=1024, expect=[{
                "pvh": r"Loaded by: PVH",
                "grub-multiboot": r"Loaded by: multiboot",
            }.get(path, r"Loaded by: Linux boot protocol")])
    for enter in "32@100000", "32@101000", "32@4000000":
        add("i386-path-loader-" + enter, path="loader-" + enter, image=pae,
            mem=512,
            expect=[r"Loaded by: Linux boot protocol, loader type 0xff"])


def matrix():
    cases = []

    def add(name, **fields):
        cases.append(Case(name, **fields))

    # Memory sizes on both machines. Below 128 MiB the vmemmap, tables and
    # image must still leave enough to run the whole tour.
    for machine in "q35", "pc":
        for mem in 16, 64, 512, 3072, 4096, 8192:
            add("mem-%s-%dm" % (machine, mem), machine=machine, mem=mem)
    # Node 0 is large enough for deferred struct pages.
    add("mem-q35-20480m", mem=20480)

    for cpus in 1, 2, 3, 4, 8:
        add("cpus-%d" % cpus, cpus=cpus, mem=512)
    # Far more than the host has: who spins keeps all others from running.
    for cpus in 16, 32, 64:
        add("cpus-%d" % cpus, cpus=cpus, mem=4096)
    add("cpus-64-nodes-8", cpus=64, mem=4096, nodes=even(8, 4096, 64))

    # Topologies.
    for count in 1, 2, 3, 4, 8:
        mem = 128 * count
        add("nodes-%d" % count, mem=mem, cpus=count,
            nodes=even(count, mem, count))
    add("nodes-hole", mem=4096, cpus=2,     # node 1 lies around the PCI hole
        nodes=[(1024, "0"), (3072, "1")])
    add("nodes-no-memory", mem=512, cpus=3,
        nodes=[(256, "0"), (0, "1"), (256, "2")])
    add("nodes-no-cpu", mem=512, cpus=2,
        nodes=[(256, "0"), (128, "1"), (128, "")])
    add("nodes-uneven", mem=1024, cpus=4,
        nodes=[(64, "0"), (704, "1,2"), (256, "3")])

    # The ways in, with and without an initrd.
    for path in ("bzimage", "pvh", "grub-linux", "grub-linux16",
                 "grub-multiboot"):
        for initrd in False, True:
            add("path-%s%s" % (path, "-initrd" if initrd else ""), path=path,
                initrd=initrd, mem=512, expect=[{
                    "pvh": r"Loaded by: PVH",
                    "grub-multiboot": r"Loaded by: multiboot",
                }.get(path, r"Loaded by: Linux boot protocol")])

    # As kexec does it: at 1 MiB, where the image must move over itself, away
    # from there, and above 4 GiB.
    for enter in "32@100000", "32@101000", "32@4000000", "64@101000", \
                 "64@4000000":
        add("path-loader-" + enter, path="loader-" + enter, mem=512,
            expect=[r"Loaded by: Linux boot protocol, loader type 0xff"])
    add("path-loader-64@140000000", path="loader-64@140000000", mem=6144,
        expect=[r"Loaded by: Linux boot protocol, loader type 0xff"])

    # The firmware's three answers. E801 cannot tell of memory above 4 GiB,
    # 88h not above 64 MiB; neither tells where the ACPI tables lie.
    add("detect-e820", append="detect=e820", mem=512,
        expect=[r"octavo-setup: E820 [1-9]\d* entries, E801 0 KiB, 88h 0 KiB",
                r"BIOS-e820: \[mem "])
    add("detect-e801", append="detect=e801", mem=512,
        expect=[r"octavo-setup: E820 0 entries, E801 [1-9]\d* KiB, 88h 0 KiB",
                r"BIOS-e801: \[mem "])
    add("detect-e801-4g", append="detect=e801", mem=4096, usable=(2000, 3072),
        expect=[r"BIOS-e801: \[mem "])
    add("detect-88", append="detect=88", mem=512, usable=(62, 64),
        expect=[r"octavo-setup: E820 0 entries, E801 0 KiB, 88h [1-9]\d* KiB",
                r"BIOS-88: \[mem "])
    add("detect-pc-88", machine="pc", append="detect=88", mem=32,
        expect=[r"BIOS-88: \[mem "])
    add("detect-unknown", append="detect=bios", expect=[
        r"octavo-setup: detect=bios: unknown method "
        r"\(e820, e801, 88, none\): using all"])
    add("detect-none", append="detect=none", stops=
        r"octavo-setup: no memory map: E820, E801 and 88h all failed")

    # Overrides of the map.
    add("opt-mem", mem=512, append="mem=128M", kept=128,
        expect=[r"user-defined physical RAM map"])
    add("opt-mem-unaligned", mem=512, append="mem=100000K", kept=98)
    add("opt-memmap-exact", mem=512,
        append="memmap=exactmap memmap=640K@0 memmap=255M@1M", kept=256)
    add("opt-memmap-reserve", mem=512, append="memmap=64M$256M", kept=448)
    add("opt-memmap-acpi", mem=512, append="memmap=32M#128M", kept=480)
    add("opt-memmap-limit", mem=512, append="memmap=96M", kept=96)
    add("opt-memmap-bad", mem=256, append="memmap=bogus mem=many", expect=[
        r"memmap=bogus .*: ignored", r"mem=many is no size: ignored"])

    # Everything that watches pages, and each thing that fills them.
    add("opt-page-owner", mem=256, append="page_owner=on page_poison=1 "
        "debug=check kunit=page_*", expect=[
            r"page_owner is enabled: \d+ bytes a page",
            r"ok \d+ page_owner", r"wrong free, twice: caught: "])
    add("opt-init-on", mem=256, append="init_on_alloc=1 init_on_free=1 "
        "kunit=page_debug", expect=[
            r"mem auto-init: stack:off, heap alloc:on, heap free:on",
            r"ok \d+ page_debug"])
    # Page tables that cannot say what they want of caches.
    add("opt-nopat", mem=256, append="nopat kunit=ioremap", expect=[
        r"x86/PAT: PAT support disabled via boot option", r"ok \d+ ioremap"])
    add("opt-kmemleak", mem=256, append="kmemleak=on kunit=kmemleak",
        expect=[r"ok \d+ kmemleak"])
    add("opt-kfence", mem=256, append="kfence.sample_count=1 kunit=kfence",
        expect=[r"kfence: initialized - using \d+ bytes for 255 objects",
                r"ok \d+ kfence"])
    add("opt-slab-debug", mem=256, append="slab_debug=FZPU kunit=slab_debug",
        expect=[r"ok \d+ slab_debug"])
    add("opt-slab-debug-bad", mem=256, append="slab_debug=X failslab=1 "
        "kmemleak=maybe kfence.num_objects=0", expect=[
            r"slab_debug=X has a letter that is none of FZPUTAO-: ignored",
            r"failslab=1 is not <interval>,<probability>,<space>,",
            r"kmemleak=maybe is neither on nor off: ignored",
            r"kfence.num_objects=0 is not 1 to 511: ignored"])
    add("opt-page-debug-bad", mem=256, append="page_owner=maybe "
        "fail_page_alloc=1,2,3", expect=[
            r"page_owner=maybe is neither on nor off: ignored",
            r"fail_page_alloc=1,2,3 is not <interval>,<probability>,<space>,"
            r"<times>: ignored"])

    # CPUs that are left for later: the unit tests bring them.
    add("opt-maxcpus", mem=256, cpus=4, append="maxcpus=1 kunit=cpu",
        cpus_up=1, expect=[
            r"Brought up 1 node, 1 CPU\b", r"ok \d+ cpu",
            r"smpboot: CPU 3 is now offline",
            r"smpboot: Booting Node 0 Processor 3 APIC 0x3"])

    # Overrides of the topology.
    for count in 2, 4, 8:
        add("opt-fake-%d" % count, mem=512, cpus=2,
            append="numa=fake=%d" % count, nodes_up=count)
    add("opt-fake-on-numa", mem=1024, cpus=4, nodes=even(2, 1024, 4),
        append="numa=fake=4", nodes_up=4)
    add("opt-numa-off", mem=512, cpus=4, nodes=even(2, 512, 4),
        append="numa=off", nodes_up=1)

    # How struct pages are found.
    for model in "flat", "sparse", "discontig", "vmemmap":
        image = "octavo-x86_64-%s-test" % model
        add("model-%s" % model, image=image, mem=512, cpus=2)
        add("model-%s-numa" % model, image=image, mem=4096, cpus=4,
            nodes=even(2, 4096, 4))
        add("model-%s-kunit" % model, image=image, mem=512, cpus=2,
            nodes=even(2, 512, 2), kunit=True)

    i386_matrix(add)

    # Input that stops the machine, or nearly.
    add("bad-no-long-mode", cpu="qemu32", stops=
        r"octavo: this CPU has no long mode \(64-bit\); "
        r"the kernel cannot run on it")
    add("bad-long-cmdline", append="pad=" + "x" * 2100, expect=[
        r"octavo-setup: command line of 21\d\d bytes: "
        r"only the first 2047 are used",
        r"command line of 21\d\d bytes: only the first 2047 are used"])
    add("bad-options", mem=512, append="mem=0 mem=99999999999999999999 "
        "memmap=64M@ memmap=0@1M memmap=1M*1M numa=frob numa=fake=x "
        "nr_cpus=0 maxcpus=x possible_cpus=-1 kernelcore=101% movablecore=x "
        "memblock=x memtest=x deferred_init=x frob=1", expect=[
            r"\] mem=0 is no size: ignored",
            r"\] mem=99999999999999999999 has more than 64 bits: ignored",
            r"\] memmap=64M@ has no start address: ignored",
            r"\] memmap=0@1M has size 0: ignored",
            r"\] memmap=1M\*1M has something else than one of @ # \$ ! % "
            r"after the size: ignored",
            r"\] numa=frob is not known, only off, noacpi, fake=: ignored",
            r"\] numa=fake=x is neither a count nor a size: ignored",
            r"\] nr_cpus=0 is no number from 1 up: ignored",
            r"\] maxcpus=x is no number from 0 up: ignored",
            r"\] possible_cpus=-1 is no number from 1 up: ignored",
            r"\] kernelcore=101% is no percentage up to 100: ignored",
            r"\] movablecore=x is neither a size nor a percentage: ignored",
            r"\] memblock=x is not known, only debug: ignored",
            r"\] memtest=x is no number: ignored",
            r"\] deferred_init=x is not on, off or auto: ignored",
            r'Unknown kernel command line parameters "frob=1"'])
    # The image lies below: its own pages are RAM, whatever the map says.
    add("bad-ram-above-4g", mem=5120, cpus=1, kept=1023.625,
        image_added=True,
        append="memmap=exactmap memmap=640K@0 memmap=1023M@4G", expect=[
            r"user: \[mem 0x0000000100000000-0x000000013fefffff\] usable",
            r"\.text \.data \.bss are not marked as E820_TYPE_RAM!"])
    # No RAM but the image's own.
    add("bad-no-ram", mem=256, append="memmap=exactmap memmap=4K@0", stops=
        r"Kernel panic - not syncing: No usable RAM in the memory map but "
        r"what the kernel's image and the loader's data occupy")
    return {case.name: case for case in cases}


CASES = matrix()
