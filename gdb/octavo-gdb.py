# SPDX-License-Identifier: MIT
"""gdb commands for programs and kernels that run Octavo.

    (gdb) source octavo-gdb.py
    (gdb) octavo-zones            nodes, zones, marks, free blocks
    (gdb) octavo-slabs [NAME]     caches: objects and slabs
    (gdb) octavo-page ADDR        a page, by any address in it or its struct
    (gdb) octavo-page --pfn N     a page, by its frame number

They work on a live process, on its core file and on the booted kernel behind
QEMU's -s, and need symbols but no debug information: tables in the program
(include/octavo/gdb.h) tell where each field is, so that this file fits every
release that has the names it asks for. Nothing is called in the program and
nothing is locked: stop it first.
"""
import gdb

TABLES = ("octavo_gdb_table", "octavo_gdb_slab", "octavo_gdb_port")
ENTRY = 64              # bytes: char name[40], u64 value, u64 size, pointer
NAME = 40


def read(address, size):
    """Unsigned number of @size bytes at @address."""
    data = gdb.selected_inferior().read_memory(address, size)
    return int.from_bytes(bytes(data), "little")


def word():
    """Bytes of a pointer, and of a long, in the program."""
    return gdb.lookup_type("long").sizeof


def wrapped(address):
    """A sum of addresses as the program's own words have it."""
    return address & (1 << 8 * word()) - 1


def read_string(address, most=64):
    data = b""
    while len(data) < most and not data.endswith(b"\0"):
        data += bytes(gdb.selected_inferior().read_memory(
            address + len(data), 1))
    return data.rstrip(b"\0").decode(errors="replace")


class Tables:
    """What the program says of itself."""

    def __init__(self):
        self.entries = {}
        for table in TABLES:
            try:
                at = int(gdb.parse_and_eval(f"(unsigned long)&{table}"))
                self.read_table(at)
            except gdb.error as err:
                raise gdb.GdbError(f"octavo: no table {table}: is a program "
                                   f"with Octavo loaded and started? ({err})")

    def read_table(self, at):
        while True:
            raw = bytes(gdb.selected_inferior().read_memory(at, ENTRY))
            name = raw[:NAME].rstrip(b"\0").decode()
            if not name:
                return
            self.entries[name] = [int.from_bytes(raw[i:i + 8], "little")
                                  for i in range(NAME, ENTRY, 8)]
            at += ENTRY

    def get(self, name, what):
        if name not in self.entries:
            raise gdb.GdbError(f"octavo: this release does not tell of {name}")
        return self.entries[name][what]

    def has(self, name):
        return name in self.entries

    def number(self, name):
        return self.get(name, 0)

    def offset(self, name):
        return self.get(name, 0)

    def size(self, name):
        return self.get(name, 1)

    def address(self, name):
        return self.get(name, 2)

    def names(self, prefix):
        """{rest of the name: number} of all that begin with @prefix."""
        return {n[len(prefix):]: e[0] for n, e in self.entries.items()
                if n.startswith(prefix)}


class Struct:
    """A structure in the program: s["zone.name"] is its field's value."""

    def __init__(self, tables, address):
        self.tables, self.at = tables, address

    def where(self, field, index=0, each=None):
        each = each or 0
        return self.at + self.tables.offset(field) + index * each

    def __getitem__(self, field):
        return read(self.where(field), self.tables.size(field))

    def long(self, field, index=0):
        """Element @index of an array of words."""
        return read(self.where(field, index, word()), word())


class Machine(Struct):
    def nodes(self):
        for nid in range(self["machine.nr_nodes"]):
            node = self.long("machine.nodes", nid)
            if node:
                yield Struct(self.tables, node)

    def zones(self):
        t = self.tables
        for node in self.nodes():
            for i in range(t.number("MAX_NR_ZONES")):
                zone = Struct(t, node.where("pglist_data.node_zones", i,
                                            t.size("zone")))
                if zone["zone.spanned_pages"]:
                    yield node["pglist_data.node_id"], zone

    def page_offset(self):
        t = self.tables
        if t.has("machine.page_offset"):
            return self["machine.page_offset"]
        if t.has("page_offset"):
            return read(t.address("page_offset"), word())
        return t.number("PAGE_OFFSET")

    def maps(self):
        """(struct page of the first, first frame, frames) of each mem_map."""
        t, end = self.tables, self["machine.max_pfn"]
        if t.has("model.vmemmap"):
            base = (self["machine.vmemmap"] if t.has("machine.vmemmap")
                    else t.number("VMEMMAP_START"))
            yield base, 0, end
        elif t.has("model.flat"):
            model = Struct(t, self.where("machine.mem_model"))
            start = model["mem_model.start_pfn"]
            yield model["mem_model.map"], start, end - start
        elif t.has("model.discontig"):
            for node in self.nodes():
                yield (node["pglist_data.node_mem_map"],
                       node["pglist_data.node_start_pfn"],
                       node["pglist_data.node_spanned_pages"])
        else:
            yield from self.sections()

    def sections(self):
        t = self.tables
        model = Struct(t, self.where("machine.mem_model"))
        roots, per_root = model["mem_model.roots"], t.number("SECTIONS_PER_ROOT")
        pages = 1 << t.number("PFN_SECTION_SHIFT")
        for nr in range(model["mem_model.nr_sections"]):
            root = read(roots + nr // per_root * word(), word())
            if not root:
                continue
            section = Struct(t, root + nr % per_root * t.size("mem_section"))
            if section["mem_section.map"]:
                yield section["mem_section.map"], nr * pages, pages

    def page(self, pfn):
        """The struct page of frame @pfn, or None. Nodes may overlap: then the
        page says which it belongs to."""
        t, found = self.tables, None
        for base, start, frames in self.maps():
            if start <= pfn < start + frames:
                found = Page(t, base + (pfn - start) * t.size("page"), self, pfn)
                if not t.has("model.discontig") or found.in_zone():
                    return found
        return found

    def find(self, value):
        """The page that @value is about, and whether it is of its memory."""
        t, size = self.tables, self.tables.size("page")
        for base, start, frames in self.maps():
            if base <= value < base + frames * size:
                return self.page(start + (value - base) // size), False
        offset = value - self.page_offset()
        pfn = offset >> t.number("PAGE_SHIFT")
        if offset >= 0 and pfn < self["machine.max_low_pfn"]:
            return self.page(pfn), True
        return None, False

    def slab(self):
        return Struct(self.tables, self.where("machine.slab"))

    def caches(self):
        t, slab = self.tables, self.slab()
        head = slab.where("slab_state.caches")
        at = read(head, word())
        while at and at != head:
            yield Cache(t, at - t.offset("kmem_cache.list"), self)
            at = read(at, word())

    def kind(self, pfn):
        """What the frame is used as: mm/slab/slab_frames.c."""
        t, slab = self.tables, self.slab()
        if pfn >= slab["slab_state.nr_frames"]:
            return 0
        shift = t.number("FRAME_CHUNK_SHIFT")
        chunk = read(slab["slab_state.kinds"] + (pfn >> shift) * word(), word())
        return read(wrapped(chunk + pfn * 2), 2)

    def cache_of(self, pfn):
        t, slab, kind = self.tables, self.slab(), self.kind(pfn)
        if kind <= t.number("FRAME_LARGE"):
            return None
        number = kind >> slab["slab_state.node_shift"]
        per = t.number("SLAB_ID_BLOCK")
        block = slab.long("slab_state.by_block", number // per)
        cache = read(block + number % per * word(), word()) if block else 0
        return Cache(t, cache, self) if cache else None


class Cache(Struct):
    def __init__(self, tables, address, machine):
        super().__init__(tables, address)
        self.machine = machine

    def name(self):
        return read_string(self["kmem_cache.name"])

    def nodes(self):
        t = self.tables
        for i in range(self.machine["machine.nr_nodes"]):
            yield i, Struct(t, self.where("kmem_cache.node", i,
                                          t.size("kmem_cache_node")))

    def depot(self, node):
        t, n = self.tables, 0
        array = node["kmem_cache_node.arrays"]
        while array:
            array = Struct(t, array)
            n += array["slab_array.count"]
            array = array["slab_array.next"]
        return n

    def on_cpus(self, nid):
        """Objects of node @nid that CPUs keep."""
        t, m, n = self.tables, self.machine, 0
        slot_of = (self["kmem_cache.id"] <<
                   m.slab()["slab_state.node_shift"]) + nid
        for cpu in range(m["machine.nr_cpus"]):
            front = Struct(t, wrapped(t.address("slab_front") +
                                      m.long("machine.percpu_offset", cpu)))
            slots = front["slab_front.table"]
            if not slots:
                continue
            slot = Struct(t, slots + slot_of * t.size("slab_slot"))
            n += slot["slab_slot.count"]
            if slot["slab_slot.spare"]:
                n += Struct(t, slot["slab_slot.spare"])["slab_array.count"]
        return n

    def sums(self):
        """Objects in use, slabs, slabs without objects in use."""
        used = slabs = free = 0
        for nid, node in self.nodes():
            used += node["kmem_cache_node.nr_out"]
            used -= self.depot(node) + self.on_cpus(nid)
            slabs += node["kmem_cache_node.nr_slabs"]
            free += node["kmem_cache_node.nr_free_slabs"]
        return used, slabs, free


class Page(Struct):
    def __init__(self, tables, address, machine, pfn):
        super().__init__(tables, address)
        self.machine, self.pfn = machine, pfn

    def refcount(self):
        count = self["page._refcount"]
        return 1 if count == self.tables.number("PAGE_REF_SOLE") else count

    def nid(self):
        t = self.tables
        zones = t.number("ZONES_PGSHIFT")
        nodes = t.number("NODES_PGSHIFT")
        return self["page.flags"] >> nodes & ((1 << zones - nodes) - 1)

    def zone_index(self):
        return self["page.flags"] >> self.tables.number("ZONES_PGSHIFT")

    def zone(self):
        t = self.tables
        for node in self.machine.nodes():
            if node["pglist_data.node_id"] == self.nid():
                return Struct(t, node.where("pglist_data.node_zones",
                                            self.zone_index(), t.size("zone")))
        return None

    def in_zone(self):
        zone = self.zone()
        return zone is not None and 0 <= self.pfn - zone["zone.zone_start_pfn"] \
            < zone["zone.spanned_pages"]

    def flag(self, name):
        return self["page.flags"] >> self.tables.number("PG_" + name) & 1

    def flag_names(self):
        flags = self.tables.names("PG_")
        return [n for n in sorted(flags, key=flags.get) if self.flag(n)]

    def type_name(self):
        """What it is used as, and the type's number; None: no type."""
        shift = self.tables.number("PAGE_TYPE_SHIFT")
        word = self["page._mapcount"]
        for name, value in self.tables.names("PGTY_").items():
            if word >> shift == value:
                return name, word & ((1 << shift) - 1)
        return None, 0

    def head(self):
        if not self.flag("tail"):
            return self
        return self.machine.page(self["page.lru_next"])

    def address(self):
        """In the direct map; None: high memory, which is not in it."""
        if self.pfn >= self.machine["machine.max_low_pfn"]:
            return None
        return self.machine.page_offset() + \
            (self.pfn << self.tables.number("PAGE_SHIFT"))


def machines(tables):
    found = []
    if tables.has("the_machine"):
        found.append(Machine(tables, tables.address("the_machine")))
    else:
        at = read(tables.address("machines"), word())
        while at:
            found.append(Machine(tables, at))
            at = found[-1]["machine.next"]
    if not found:
        raise gdb.GdbError("octavo: the program has no machine now")
    return found


def say(text):
    gdb.write(text + "\n")


def title(machine):
    say(f"machine {machine.at:#x}: {machine['machine.nr_nodes']} nodes, "
        f"{machine['machine.nr_cpus']} CPUs")


class Zones(gdb.Command):
    """Show each machine's zones: frames, marks and free blocks by order."""

    def __init__(self):
        super().__init__("octavo-zones", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        if argument.strip():
            raise gdb.GdbError(f"octavo-zones: takes no argument: {argument}")
        tables = Tables()
        for machine in machines(tables):
            title(machine)
            say("Node Zone      start_pfn   spanned   present   managed      "
                "free       min       low      high  free blocks by order")
            for nid, zone in machine.zones():
                self.show(tables, nid, zone)

    @staticmethod
    def show(tables, nid, zone):
        boost = zone["zone.watermark_boost"]
        marks = [zone.long("zone._watermark", i) + boost for i in range(3)]
        blocks = []
        for order in range(tables.number("NR_PAGE_ORDERS")):
            area = Struct(tables, zone.where("zone.free_area", order,
                                             tables.size("free_area")))
            blocks.append(area["free_area.nr_free"])
        numbers = [zone["zone.zone_start_pfn"], zone["zone.spanned_pages"],
                   zone["zone.present_pages"], zone["zone.managed_pages"],
                   zone.long("zone.vm_stat", tables.number("NR_FREE_PAGES"))]
        say(f"{nid:4} {read_string(zone['zone.name']):8}" +
            "".join(f"{n:10}" for n in numbers + marks) + "  " +
            " ".join(str(n) for n in blocks))


class Slabs(gdb.Command):
    """Show each machine's caches; with a NAME only those it is part of."""

    def __init__(self):
        super().__init__("octavo-slabs", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        tables, shown = Tables(), 0
        for machine in machines(tables):
            title(machine)
            say(f"{'cache':22}  in use objects   size  /slab pages   slabs"
                "   empty")
            for cache in machine.caches():
                if argument.strip() in cache.name():
                    self.show(cache)
                    shown += 1
        if not shown:
            raise gdb.GdbError(f"octavo-slabs: no cache has {argument.strip()} "
                               "in its name")

    @staticmethod
    def show(cache):
        used, slabs, empty = cache.sums()
        num = cache["kmem_cache.num"]
        say(f"{cache.name():22} {used:7} {slabs * num:7} "
            f"{cache['kmem_cache.size']:6} {num:6} "
            f"{1 << cache['kmem_cache.order']:5} {slabs:7} {empty:7}")


class PageCommand(gdb.Command):
    """Show a page: octavo-page ADDR, any address in it or its struct page;
octavo-page --pfn N, by its frame number."""

    def __init__(self):
        super().__init__("octavo-page", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = argument.split(None, 1)
        if not words or (words[0] == "--pfn" and len(words) < 2):
            raise gdb.GdbError("usage: octavo-page ADDR, "
                               "or octavo-page --pfn N")
        by_pfn = words[0] == "--pfn"
        value = int(gdb.parse_and_eval(words[1] if by_pfn else argument))
        value = wrapped(value)
        tables = Tables()
        for machine in machines(tables):
            page, inside = ((machine.page(value), False) if by_pfn
                            else machine.find(value))
            if page:
                self.show(page, value if inside else None)
                return
        raise gdb.GdbError(f"octavo-page: {value:#x}: no frame's number"
                           if by_pfn else
                           f"octavo-page: {value:#x}: neither a struct page "
                           "nor an address in the direct map")

    def show(self, page, address):
        shift = page.tables.number("PAGE_SHIFT")
        try:
            if not page.in_zone():
                say(f"pfn {page.pfn:#x}: no memory there")
                return
        except gdb.MemoryError:
            say(f"pfn {page.pfn:#x}: no memory there")
            return
        virt = page.address()
        say(f"page {page.at:#x}  pfn {page.pfn:#x}  "
            f"phys {page.pfn << shift:#x}  "
            f"virt {'none' if virt is None else hex(virt)}")
        name, number = page.type_name()
        mapped = (page["page._mapcount"] + 1) & 0xffffffff
        say(f"node {page.nid()}  zone {read_string(page.zone()['zone.name'])}  "
            f"refcount {page.refcount()}  " +
            (f"type {name} {number}" if name else f"mapcount {mapped}"))
        say(f"flags {'|'.join(page.flag_names()) or 'none'}  "
            f"index {page['page.index']:#x}  mapping {page['page.mapping']:#x}")
        head = page.head()
        if head is not page and head:
            say(f"tail {page.pfn - head.pfn} of the block at pfn {head.pfn:#x}")
        self.show_object(page, head or page, address)

    @staticmethod
    def show_object(page, head, address):
        machine, tables = page.machine, page.tables
        kind = machine.kind(page.pfn)
        if kind == tables.number("FRAME_LARGE"):
            say("first page of a large kmalloc() block")
        cache = machine.cache_of(page.pfn)
        if not cache:
            return
        text = f"slab of {cache.name()}: {cache['kmem_cache.num']} objects " \
               f"of {cache['kmem_cache.size']} bytes"
        colour = (head.pfn >> cache["kmem_cache.order"] &
                  cache["kmem_cache.colours"]) << cache["kmem_cache.colour_shift"]
        if address is not None:
            offset = address - head.address() - colour
            number, inside = divmod(offset, cache["kmem_cache.size"])
            if 0 <= number < cache["kmem_cache.num"]:
                text += f"; object {number}, byte {inside}"
            else:
                text += "; between objects"
        say(text)


Zones()
Slabs()
PageCommand()
