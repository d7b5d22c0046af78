/* SPDX-License-Identifier: MIT */
/*
 * What the files of the 16-bit setup code share.  They are compiled with -m16:
 * pointers are 32 bits wide and hold offsets within our one segment; anything
 * outside it is reached through %fs (rdfs*) or as a linear address.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include <linux/types.h>
#include <uapi/asm/bootparam.h>

/* Every register of a BIOS call, in the order bioscall.S moves them. */
struct biosregs {
	u32 edi, esi, ebp, _esp, ebx, edx, ecx, eax;
	u16 gs, fs, es, ds;
	u32 eflags;
};

#define X86_EFLAGS_CF	0x0001

/* The page handed to the kernel; lives in .bss, so starts out zero. */
extern struct boot_params boot_params;
/* The header of this very image, as the loader left it. */
extern struct setup_header hdr;

static inline void outb(u8 value, u16 port)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline u8 inb(u16 port)
{
	u8 value;

	asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* About a microsecond: a write to the POST port takes a bus cycle. */
static inline void io_delay(void)
{
	outb(0, 0x80);
}

static inline u16 ds(void)
{
	u16 segment;

	asm("movw %%ds, %0" : "=rm"(segment));
	return segment;
}

static inline void set_fs(u16 segment)
{
	asm volatile("movw %0, %%fs" : : "rm"(segment));
}

static inline void set_gs(u16 segment)
{
	asm volatile("movw %0, %%gs" : : "rm"(segment));
}

static inline u8 rdfs8(u16 offset)
{
	u8 value;

	asm volatile("movb %%fs:(%1), %0" : "=q"(value) : "r"((u32)offset));
	return value;
}

static inline u32 rdfs32(u16 offset)
{
	u32 value;

	asm volatile("movl %%fs:(%1), %0" : "=r"(value) : "r"((u32)offset));
	return value;
}

static inline void wrfs32(u32 value, u16 offset)
{
	asm volatile("movl %0, %%fs:(%1)"
		     : : "r"(value), "r"((u32)offset) : "memory");
}

static inline u32 rdgs32(u16 offset)
{
	u32 value;

	asm volatile("movl %%gs:(%1), %0" : "=r"(value) : "r"((u32)offset));
	return value;
}

/* bioscall.S: software interrupt `nr`; `out` may be NULL. */
void intcall(u8 nr, const struct biosregs *in, struct biosregs *out);
/* regs.c: registers for a call: all zero, segments ours, CF set. */
void initregs(struct biosregs *regs);

/* header.S: stop for ever. */
void __attribute__((noreturn)) die(void);

/* tty.c: text to the BIOS screen and, once opened, to a serial port. */
void console_init(void);
void puts(const char *text);
void put_dec(u32 value);

/*
 * cmdline.c: value of the last `name=value` word of the command line, cut to
 * `size` - 1 characters.  Returns its full length, or -1 if there is none.
 */
int cmdline_find_option(const char *name, char *buffer, int size);
/* Length of the command line in bytes, 0 if there is none. */
u32 cmdline_length(void);

/* memory.c: fill boot_params with what E820, E801 and 88h say. */
void detect_memory(void);

/* a20.c: open address line 20.  Returns 0, or -1 if it stays shut. */
int enable_a20(void);

/* pm.c, pmjump.S: leave real mode. */
void __attribute__((noreturn)) go_to_protected_mode(void);
void __attribute__((noreturn)) protected_mode_jump(u32 entry, u32 params);

/* string.c */
void *memset(void *to, int byte, size_t length);
void *memcpy(void *to, const void *from, size_t length);
int strcmp(const char *a, const char *b);
size_t strlen(const char *text);

#endif /* BOOT_BOOT_H */
