// SPDX-License-Identifier: MIT
/* PCI functions: finding them, their BARs and capabilities, malformed ones. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "fake_pci.h"
#include "log_capture.h"
#include "page_snapshot.h"
#include "../../drivers/virtio/virtio_pci.h"

static struct log_capture pci_log;
static struct page_snapshot before;

static int pci_test_init(struct kunit *test)
{
	before = page_snapshot_take();
	fake_pci_begin();
	log_capture_start(&pci_log);
	return 0;
}

static void pci_test_exit(struct kunit *test)
{
	log_capture_end(&pci_log);
	fake_pci_end();
	page_snapshot_check(test, &before);
}

static void expect_logged(struct kunit *test, const char *line)
{
	log_capture_end(&pci_log);
	KUNIT_CHECK(test, log_captured(&pci_log, line), 0, "%s\nlogged: %s",
		    line, pci_log.text);
}

static void functions_test(struct kunit *test)
{
	struct pci_dev *pdev;
	u8 cmd;

	fake_add(0, PCI_DEVFN(0, 0), 0x8086, 0x1237, 0);
	fake_add(0, PCI_DEVFN(1, 0), 0x8086, 1, PCI_HEADER_TYPE_MFD);
	fake_add(0, PCI_DEVFN(1, 3), 0x8086, 2, 0);
	/* Not asked for: function 0 says there are no others. */
	fake_add(0, PCI_DEVFN(2, 1), 0x8086, 3, 0);
	fake_add(0, PCI_DEVFN(31, 0), 0x1af4, 0x1001, 0);
	KUNIT_EXPECT_EQ(test, pci_scan(&fake_host), 4u);
	pdev = pci_get_device(0x8086, PCI_ANY_ID, NULL);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, pdev->device, 0x1237);
	pdev = pci_get_device(0x8086, 2, pdev);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_STREQ(test, pci_name(pdev), "0000:00:01.3");
	KUNIT_EXPECT_NULL(test, pci_get_device(0x8086, 2, pdev));
	pci_enable_device(pdev);
	pci_set_master(pdev);
	pci_read_config_byte(pdev, PCI_COMMAND, &cmd);
	KUNIT_EXPECT_EQ(test, cmd, PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
				   PCI_COMMAND_MASTER);
	pci_clear_master(pdev);
	pci_disable_device(pdev);
	pci_read_config_byte(pdev, PCI_COMMAND, &cmd);
	KUNIT_EXPECT_EQ(test, cmd, 0);
	expect_logged(test, "0000:00:1f.0: [1af4:1001] type 00 class 0x000000");
}

/* Bridges: one that leads on, one back, one nowhere, two to the same bus. */
static void bridges_test(struct kunit *test)
{
	struct fake_function *f;

	f = fake_add(0, PCI_DEVFN(1, 0), 0x8086, 1, PCI_HEADER_TYPE_BRIDGE);
	f->config[PCI_SECONDARY_BUS] = 5;
	f = fake_add(0, PCI_DEVFN(2, 0), 0x8086, 2, PCI_HEADER_TYPE_BRIDGE);
	f->config[PCI_SECONDARY_BUS] = 5;
	f = fake_add(5, PCI_DEVFN(0, 0), 0x8086, 3, PCI_HEADER_TYPE_BRIDGE);
	f->config[PCI_SECONDARY_BUS] = 0;
	f = fake_add(5, PCI_DEVFN(1, 0), 0x8086, 4, PCI_HEADER_TYPE_BRIDGE);
	f->config[PCI_SECONDARY_BUS] = 7;
	f = fake_add(7, PCI_DEVFN(1, 0), 0x8086, 5, PCI_HEADER_TYPE_BRIDGE);
	f->config[PCI_SECONDARY_BUS] = 5;
	KUNIT_EXPECT_EQ(test, pci_scan(&fake_host), 5u);
	KUNIT_EXPECT_NOT_NULL(test, pci_get_device(0x8086, 5, NULL));
	expect_logged(test, "0000:00:01.0: PCI bridge to [bus 05]");
	expect_logged(test, "0000:00:02.0: another bridge leads to bus 05 too: ignored");
	expect_logged(test, "0000:05:00.0: bridge to no bus");
	expect_logged(test, "0000:07:01.0: another bridge leads to bus 05 too: ignored");
}

static void bars_test(struct kunit *test)
{
	struct fake_function *f = fake_add(0, 0, 0x1af4, 0x1042, 0);
	struct pci_dev *pdev;

	fake_bar(f, 0, 0xc001, 0xffffff80);
	fake_bar(f, 1, 0xf8000000, 0xfffff000);
	fake_bar(f, 2, 0x4000000c, 0xffffc000);
	fake_bar(f, 3, 0x00001234, 0xffffffff);
	/* 4: none; 5: so many ports that all are. */
	KUNIT_EXPECT_EQ(test, pci_scan(&fake_host), 1u);
	pdev = pci_get_device(0x1af4, PCI_ANY_ID, NULL);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, pci_resource_start(pdev, 0), 0xc000ULL);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, 0), 0x80ULL);
	KUNIT_EXPECT_EQ(test, pci_resource_flags(pdev, 0), IORESOURCE_IO);
	KUNIT_EXPECT_EQ(test, pci_resource_start(pdev, 1), 0xf8000000ULL);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, 1), 0x1000ULL);
	KUNIT_EXPECT_EQ(test, pci_resource_flags(pdev, 1), IORESOURCE_MEM);
	KUNIT_EXPECT_EQ(test, pci_resource_start(pdev, 2), 0x123440000000ULL);
	KUNIT_EXPECT_EQ(test, pci_resource_end(pdev, 2), 0x123440003fffULL);
	KUNIT_EXPECT_EQ(test, pci_resource_flags(pdev, 2),
			IORESOURCE_MEM | IORESOURCE_PREFETCH);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, 3), 0ULL);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, 4), 0ULL);
	/* Nothing was written for good, and never while it answered. */
	KUNIT_EXPECT_FALSE(test, f->decodes);
	KUNIT_EXPECT_EQ(test, f->config[PCI_COMMAND],
			PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
	KUNIT_EXPECT_EQ(test, fake_read(0, 0, PCI_BASE_ADDRESS_0 + 12, 4),
			0x1234u);
	/* In /proc/iomem, whose invariants hold. */
	KUNIT_EXPECT_PTR_EQ(test, resource_check(&iomem_resource), NULL);
	KUNIT_EXPECT_PTR_EQ(test, pci_map_bar(pdev, 0, 0, 4), NULL);
	KUNIT_EXPECT_PTR_EQ(test, pci_map_bar(pdev, 6, 0, 4), NULL);
	KUNIT_EXPECT_PTR_EQ(test, pci_map_bar(pdev, 2, 0x3ffd, 4), NULL);
	KUNIT_EXPECT_PTR_EQ(test, pci_map_bar(pdev, 2, ~0ULL, 4), NULL);
	KUNIT_EXPECT_EQ(test, pci_request_region(pdev, 4, "none"), -EBUSY);
	expect_logged(test, "0000:00:00.0: BAR 0 [io  0xc000-0xc07f]");
	expect_logged(test, "0000:00:00.0: BAR 2 [mem 0x123440000000-0x123440003fff 64bit pref]");
	expect_logged(test, "BAR 0 is no memory");
	expect_logged(test, "BAR 2 has 0x4000 bytes: 0x4 at 0x3ffd are not in it");
}

static void bad_bars_test(struct kunit *test)
{
	struct fake_function *f = fake_add(0, 0, 0x1af4, 0x1042, 0);
	struct pci_dev *pdev;
	int bar;

	fake_bar(f, 0, 0, 0xfff0f000);
	fake_bar(f, 1, 0xf0000000, 0xfffff000 & ~0x8000000U);
	fake_bar(f, 5, 0x4, 0xfffff000);
	KUNIT_EXPECT_EQ(test, pci_scan(&fake_host), 1u);
	pdev = pci_get_device(0x1af4, PCI_ANY_ID, NULL);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, bar), 0ULL);
	expect_logged(test, "BAR 0 has a size that is no power of two: ignored");
	expect_logged(test, "BAR 1 has a size that is no power of two: ignored");
	expect_logged(test, "BAR 5 has 64 bits and is the last: ignored");
}

static void config_test(struct kunit *test)
{
	struct fake_function *f = fake_add(0, 0, 0x1af4, 0x1042, 0);
	struct pci_dev *pdev;
	u16 word;
	u32 dword;
	u8 byte;

	f->config[0xff] = 0x5a;
	pci_scan(&fake_host);
	pdev = pci_get_device(0x1af4, PCI_ANY_ID, NULL);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, pci_read_config_byte(pdev, 0xff, &byte), 0);
	KUNIT_EXPECT_EQ(test, byte, 0x5a);
	KUNIT_EXPECT_EQ(test, pci_read_config_byte(pdev, 0x100, &byte),
			PCIBIOS_BAD_REGISTER_NUMBER);
	KUNIT_EXPECT_EQ(test, byte, 0xff);
	KUNIT_EXPECT_EQ(test, pci_read_config_word(pdev, 0x41, &word),
			PCIBIOS_BAD_REGISTER_NUMBER);
	KUNIT_EXPECT_EQ(test, pci_read_config_dword(pdev, -4, &dword),
			PCIBIOS_BAD_REGISTER_NUMBER);
	KUNIT_EXPECT_EQ(test, dword, ~0U);
	KUNIT_EXPECT_EQ(test, pci_write_config_dword(pdev, 0xfe, 1),
			PCIBIOS_BAD_REGISTER_NUMBER);
	KUNIT_EXPECT_EQ(test, pci_write_config_word(pdev, 0x80, 0x1234), 0);
	KUNIT_EXPECT_EQ(test, f->config[0x81], 0x12);
}

static struct pci_dev *only_function(void)
{
	pci_scan(&fake_host);
	return pci_get_device(PCI_ANY_ID, PCI_ANY_ID, NULL);
}

static void capabilities_test(struct kunit *test)
{
	struct fake_function *f = fake_add(0, 0, 1, 1, 0);
	struct pci_dev *pdev = only_function();

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 9), 0);
	f->config[PCI_CAPABILITY_LIST] = 0x43;
	fake_cap(f, 0x40, 9, 0x50);
	fake_cap(f, 0x50, 0x11, 0xfc);
	fake_cap(f, 0xfc, 9, 0);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 9), 0x40);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 0x11), 0x50);
	KUNIT_EXPECT_EQ(test, pci_find_next_capability(pdev, 0x40, 9), 0xfc);
	KUNIT_EXPECT_EQ(test, pci_find_next_capability(pdev, 0xfc, 9), 0);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 5), 0);
	/* It goes round, and into the header. */
	fake_cap(f, 0xfc, 9, 0x40);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 5), 0);
	expect_logged(test, "0000:00:00.0: the list of capabilities goes round");
	log_capture_start(&pci_log);
	fake_cap(f, 0xfc, 9, 0x10);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 5), 0);
	expect_logged(test, "0000:00:00.0: capability at 0x10 lies in the header: the list ends there");
	/* Nobody answers any more. */
	fake_cap(f, 0x40, 0xff, 0xff);
	KUNIT_EXPECT_EQ(test, pci_find_capability(pdev, 9), 0);
}

/* A virtio capability of @kind: @len bytes at @offset of @bar. */
static void virtio_cap(struct fake_function *f, u8 at, u8 next, u8 kind,
		       u8 bar, u32 offset, u32 len)
{
	fake_cap(f, at, PCI_CAP_ID_VNDR, next);
	f->config[at + 2] = 20;
	f->config[at + 3] = kind;
	f->config[at + 4] = bar;
	memcpy(f->config + at + 8, &offset, 4);
	memcpy(f->config + at + 12, &len, 4);
}

static struct fake_function *virtio_function(void)
{
	struct fake_function *f = fake_add(0, 0, 0x1af4, 0x1042, 0);

	fake_bar(f, 0, 0xc001, 0xffffff80);
	fake_bar(f, 4, 0xf8000000, 0xffffc000);
	f->config[PCI_CAPABILITY_LIST] = 0x40;
	virtio_cap(f, 0x40, 0x54, 1, 4, 0, 0x1000);
	virtio_cap(f, 0x54, 0x68, 2, 4, 0x3000, 0x1000);
	virtio_cap(f, 0x68, 0x7c, 3, 4, 0x1000, 0x1000);
	virtio_cap(f, 0x7c, 0, 4, 4, 0x2000, 0x1000);
	f->config[0x54 + 16] = 4;
	return f;
}

static void virtio_caps_test(struct kunit *test)
{
	struct virtio_pci_caps caps;
	struct pci_dev *pdev;

	virtio_function();
	pdev = only_function();
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, virtio_pci_read_caps(pdev, &caps), 0);
	KUNIT_EXPECT_EQ(test, caps.common.bar, 4);
	KUNIT_EXPECT_EQ(test, caps.common.offset, 0u);
	KUNIT_EXPECT_EQ(test, caps.notify.offset, 0x3000u);
	KUNIT_EXPECT_EQ(test, caps.notify_multiplier, 4u);
	KUNIT_EXPECT_EQ(test, caps.device.len, 0x1000u);
	KUNIT_EXPECT_EQ(test, caps.isr.offset, 0x1000u);
}

static void virtio_bad(struct kunit *test, u8 at, u8 kind, u8 bar, u32 offset,
		       u32 len, const char *line)
{
	struct fake_function *f = &fake_pci.fn[0];
	struct virtio_pci_caps caps;
	u8 saved[20];

	memcpy(saved, f->config + at, 20);
	virtio_cap(f, at, saved[1], kind, bar, offset, len);
	log_capture_start(&pci_log);
	KUNIT_EXPECT_EQ(test, virtio_pci_read_caps(
		pci_get_device(0x1af4, PCI_ANY_ID, NULL), &caps), -EINVAL);
	expect_logged(test, line);
	memcpy(f->config + at, saved, 20);
}

static void virtio_bad_caps_test(struct kunit *test)
{
	struct virtio_pci_caps caps;
	struct fake_function *f = virtio_function();
	struct pci_dev *pdev = only_function();

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	virtio_bad(test, 0x40, 1, 7, 0, 64, "virtio capability at 0x40, BAR 7, 0x40 bytes at 0x0, names no BAR: ignored");
	virtio_bad(test, 0x40, 1, 0, 0, 64, "names a BAR that is no memory");
	virtio_bad(test, 0x40, 1, 4, 0, 8, "has too few bytes");
	virtio_bad(test, 0x40, 1, 4, 0x3ff0, 64, "is not within its BAR");
	virtio_bad(test, 0x40, 1, 4, ~0U, 64, "is not within its BAR");
	virtio_bad(test, 0x40, 1, 4, 2, 64, "is not aligned");
	virtio_bad(test, 0x40, 9, 4, 0, 64, "virtio: no capability of common registers");
	virtio_bad(test, 0x54, 2, 4, 0, 1, "virtio: no capability of notification");
	virtio_bad(test, 0x7c, 4, 4, 0x4000, 64, "virtio: no capability of the device's registers");
	/* Round and round, all of them a virtio device's. */
	f->config[0x7d] = 0x40;
	log_capture_start(&pci_log);
	KUNIT_EXPECT_EQ(test, virtio_pci_read_caps(pdev, &caps), 0);
	expect_logged(test, "virtio: the list of capabilities goes round");
	/* One that the end of the space cuts. */
	f->config[0x7d] = 0xf4;
	fake_cap(f, 0xf4, PCI_CAP_ID_VNDR, 0);
	log_capture_start(&pci_log);
	KUNIT_EXPECT_EQ(test, virtio_pci_read_caps(pdev, &caps), 0);
	expect_logged(test, "virtio capability at 0xf4 runs over the end");
	/* None at all. */
	f->config[PCI_STATUS] = 0;
	KUNIT_EXPECT_EQ(test, virtio_pci_read_caps(pdev, &caps), -ENODEV);
}

static struct kunit_case pci_cases[] = {
	KUNIT_CASE(functions_test),
	KUNIT_CASE(bridges_test),
	KUNIT_CASE(bars_test),
	KUNIT_CASE(bad_bars_test),
	KUNIT_CASE(config_test),
	KUNIT_CASE(capabilities_test),
	KUNIT_CASE(virtio_caps_test),
	KUNIT_CASE(virtio_bad_caps_test),
	{ 0 }
};

static struct kunit_suite pci_suite = {
	.name = "pci",
	.init = pci_test_init,
	.exit = pci_test_exit,
	.test_cases = pci_cases,
};
kunit_test_suite(pci_suite);
