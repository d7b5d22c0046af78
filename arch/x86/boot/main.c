// SPDX-License-Identifier: MIT
/*
 * The 16-bit setup code, from the loader's jump to the kernel's 32-bit entry.
 *
 *	header.S -> main() -> detect_memory() -> go_to_protected_mode() -> 1 MiB
 *
 * It asks the firmware what only real mode can ask, and leaves the answers in
 * boot_params.  Loaders that enter at the 32-bit entry (GRUB `linux`, kexec)
 * skip all of this and fill boot_params themselves.
 */
#include "boot.h"

struct boot_params boot_params __attribute__((aligned(16)));

/* Cursor and mode, so that a screen console could go on below the BIOS. */
static void query_screen(void)
{
	struct screen_info *screen = &boot_params.screen_info;
	struct biosregs in, out;

	initregs(&in);
	in.eax = 0x0f00;
	intcall(0x10, &in, &out);
	screen->orig_video_mode = (u8)(out.eax & 0x7f);
	screen->orig_video_cols = (u8)(out.eax >> 8);
	screen->orig_video_page = (u16)(out.ebx >> 8 & 0xff);

	in.eax = 0x0300;
	in.ebx = out.ebx & 0xff00;
	intcall(0x10, &in, &out);
	screen->orig_x = (u8)out.edx;
	screen->orig_y = (u8)(out.edx >> 8);
	screen->orig_video_lines = 25;
	screen->orig_video_points = 16;
	screen->orig_video_isVGA = 1;
}

static void check_cmdline(void)
{
	u32 length = cmdline_length();

	if (length <= BOOT_CMDLINE_MAX)
		return;
	puts("octavo-setup: command line of ");
	put_dec(length);
	puts(" bytes: only the first ");
	put_dec(BOOT_CMDLINE_MAX);
	puts(" are used\n");
}

int main(void)
{
	boot_params.hdr = hdr;
	console_init();
	check_cmdline();
	detect_memory();
	query_screen();
	go_to_protected_mode();
}
