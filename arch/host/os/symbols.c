/* SPDX-License-Identifier: MIT */
/*
 * Names for code addresses, for arch/host.
 *
 * The dynamic linker knows exported symbols only, and the core exports next
 * to none. So the symbol tables of the file that this code was linked into,
 * and of the program, are read when the first name is asked for:
 *
 *   file ─mmap─► .symtab ─► functions, sorted by address ─► binary search
 *                .strtab ──────────────────────────────────► the name
 *
 * A name stays good for good, as the file stays mapped. Other objects' names
 * come from the dynamic linker, and what has none is named by its file and
 * its offset there, which addr2line understands.
 *
 * Memory comes from mmap() alone: who asks may be inside malloc().
 */
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unwind.h>

#include "host_os.h"

/* A function of an object: [start, start + size) and its name. */
struct symbol {
	unsigned long start;	/* address in this process */
	unsigned long size;	/* bytes; 0: not known */
	const char *name;
};

struct object {
	unsigned long base;	/* where it begins; what dladdr() says */
	struct symbol *symbols;	/* by start, ascending */
	size_t nr;
};

/* The file with the core in it, and the program if that is another. */
static struct object objects[2];
static pthread_once_t objects_once = PTHREAD_ONCE_INIT;

/* ---- reading a file's table ------------------------------------------ */

static const unsigned char *file_map(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const unsigned char *map = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && (size_t)st.st_size > sizeof(Elf64_Ehdr)) {
		*size = (size_t)st.st_size;
		map = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

/* Whether [off, off + n) lies in a file of @size bytes. */
static bool inside(size_t size, uint64_t off, uint64_t n)
{
	return off <= size && n <= size - off;
}

/* What is added to the file's addresses in this process. */
static unsigned long load_bias(const unsigned char *map, size_t size,
			       unsigned long base)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)map;
	const Elf64_Phdr *p = (const Elf64_Phdr *)(map + h->e_phoff);

	if (h->e_type != ET_DYN ||
	    !inside(size, h->e_phoff, h->e_phnum * sizeof(*p)))
		return 0;
	for (unsigned int i = 0; i < h->e_phnum; i++)
		if (p[i].p_type == PT_LOAD)
			return base - (p[i].p_vaddr & ~(p[i].p_align - 1));
	return 0;
}

/* The section of function symbols and the one of their names. */
static bool find_table(const unsigned char *map, size_t size,
		       const Elf64_Shdr **table, const Elf64_Shdr **names)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)map;
	const Elf64_Shdr *s = (const Elf64_Shdr *)(map + h->e_shoff);

	if (memcmp(h->e_ident, ELFMAG, SELFMAG) ||
	    h->e_ident[EI_CLASS] != ELFCLASS64 ||
	    !inside(size, h->e_shoff, h->e_shnum * sizeof(*s)))
		return false;
	for (unsigned int i = 0; i < h->e_shnum; i++) {
		if (s[i].sh_type != SHT_SYMTAB || s[i].sh_link >= h->e_shnum)
			continue;
		*table = &s[i];
		*names = &s[s[i].sh_link];
		return inside(size, s[i].sh_offset, s[i].sh_size) &&
		       inside(size, (*names)->sh_offset, (*names)->sh_size) &&
		       (*names)->sh_size &&
		       !map[(*names)->sh_offset + (*names)->sh_size - 1];
	}
	return false;
}

static bool is_function(const Elf64_Sym *s, const Elf64_Shdr *names)
{
	return ELF64_ST_TYPE(s->st_info) == STT_FUNC && s->st_shndx &&
	       s->st_value && s->st_name < names->sh_size;
}

/* ---- sorting: qsort() may call malloc() ------------------------------- */

static void sift_down(struct symbol *a, size_t i, size_t n)
{
	struct symbol top = a[i];
	size_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && a[child].start < a[child + 1].start)
			child++;
		if (top.start >= a[child].start)
			break;
		a[i] = a[child];
		i = child;
	}
	a[i] = top;
}

static void heap_sort(struct symbol *a, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift_down(a, i, n);
	while (n > 1) {
		struct symbol last = a[--n];

		a[n] = a[0];
		a[0] = last;
		sift_down(a, 0, n);
	}
}

/* ---- objects ---------------------------------------------------------- */

/* Reads the table of @path into @o, which stays empty if it has none. */
static void object_read(struct object *o, const char *path)
{
	const Elf64_Shdr *table, *names;
	const unsigned char *map;
	const Elf64_Sym *syms;
	unsigned long bias;
	size_t size, nr;

	map = file_map(path, &size);
	if (!map)
		return;
	if (!find_table(map, size, &table, &names)) {
		munmap((void *)map, size);
		return;
	}
	syms = (const Elf64_Sym *)(map + table->sh_offset);
	nr = table->sh_size / sizeof(*syms);
	bias = load_bias(map, size, o->base);
	o->symbols = host_pages_alloc(nr * sizeof(*o->symbols));
	for (size_t i = 0; o->symbols && i < nr; i++)
		if (is_function(&syms[i], names))
			o->symbols[o->nr++] = (struct symbol){
				bias + syms[i].st_value, syms[i].st_size,
				(const char *)map + names->sh_offset +
				syms[i].st_name,
			};
	heap_sort(o->symbols, o->nr);
}

static void objects_read(void)
{
	void *entry = (void *)getauxval(AT_ENTRY);
	Dl_info own, program = { 0 };

	if (!dladdr((void *)&objects_once, &own) || !own.dli_fname)
		return;
	if (entry)
		dladdr(entry, &program);
	objects[0].base = (unsigned long)own.dli_fbase;
	/* The program's own name may be relative to where it was started. */
	object_read(&objects[0], own.dli_fbase == program.dli_fbase ?
		    "/proc/self/exe" : own.dli_fname);
	if (!program.dli_fbase || own.dli_fbase == program.dli_fbase)
		return;
	objects[1].base = (unsigned long)program.dli_fbase;
	object_read(&objects[1], "/proc/self/exe");
}

/* The last function of @o that begins at or below @addr. */
static const struct symbol *object_find(const struct object *o,
					unsigned long addr)
{
	size_t low = 0, high = o->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->symbols[middle].start <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &o->symbols[low - 1] : NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* By the dynamic linker, which knows exported symbols and every file. */
static const char *dynamic_name(const Dl_info *info, unsigned long addr,
				unsigned long *offset, unsigned long *size)
{
	*size = 0;
	if (info->dli_sname) {
		*offset = addr - (unsigned long)info->dli_saddr;
		return info->dli_sname;
	}
	*offset = addr - (unsigned long)info->dli_fbase;
	return base_name(info->dli_fname);
}

const char *host_symbol(unsigned long addr, unsigned long *offset,
			unsigned long *size)
{
	unsigned long off, len;
	const char *name = NULL;
	Dl_info info;

	if (!dladdr((void *)addr, &info) || !info.dli_fname)
		return NULL;
	pthread_once(&objects_once, objects_read);
	for (int i = 0; i < 2; i++) {
		const struct symbol *s;

		if (objects[i].base != (unsigned long)info.dli_fbase)
			continue;
		s = object_find(&objects[i], addr);
		if (!s || (s->size && addr - s->start > s->size))
			continue;
		off = addr - s->start;
		len = s->size;
		name = s->name;
	}
	if (!name)
		name = dynamic_name(&info, addr, &off, &len);
	if (offset)
		*offset = off;
	if (size)
		*size = len;
	return name;
}

void host_symbols_for_each(void (*fn)(void *ctx, const char *name,
				      unsigned long addr), void *ctx)
{
	pthread_once(&objects_once, objects_read);
	for (int i = 0; i < 2; i++)
		for (size_t j = 0; j < objects[i].nr; j++)
			fn(ctx, objects[i].symbols[j].name,
			   objects[i].symbols[j].start);
}

/* ---- stacks ----------------------------------------------------------- */

struct walk {
	unsigned long *store;
	unsigned int size, skip, n;
};

static _Unwind_Reason_Code walk_step(struct _Unwind_Context *context,
				     void *arg)
{
	struct walk *w = arg;
	unsigned long ip = _Unwind_GetIP(context);

	if (!ip || w->n == w->size)
		return _URC_END_OF_STACK;
	if (w->skip)
		w->skip--;
	else
		w->store[w->n++] = ip;
	return _URC_NO_REASON;
}

unsigned int host_stack_save(unsigned long *store, unsigned int size,
			     unsigned int skip)
{
	/* The walk begins in this very function. */
	struct walk w = { store, size, skip + 1, 0 };

	_Unwind_Backtrace(walk_step, &w);
	return w.n;
}
