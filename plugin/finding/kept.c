/* kept.c
 * The findings of each frame, kept for later passes.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "kept.h"

enum { PAGE = 256 };

static wmem_allocator_t *memory;
static dns_finding ***pages; /* NULL: a page without findings */
static uint32_t page_count;

void dns_kept_start(wmem_allocator_t *scope)
{
    memory = scope;
    pages = NULL;
    page_count = 0;
}

static void grow(uint32_t wanted)
{
    uint32_t count = page_count ? page_count : 16;
    while (count < wanted)
        count *= 2;
    pages = (dns_finding ***)wmem_realloc(memory, pages, count * sizeof *pages);
    memset(pages + page_count, 0, (count - page_count) * sizeof *pages);
    page_count = count;
}

void dns_kept_set(uint32_t frame, dns_finding *findings)
{
    uint32_t page = frame / PAGE;
    bool there = page < page_count && pages[page];
    if (!memory || (!findings && !there))
        return;
    if (page >= page_count)
        grow(page + 1);
    if (!pages[page])
        pages[page] = wmem_alloc0_array(memory, dns_finding *, PAGE);
    pages[page][frame % PAGE] = findings;
}

const dns_finding *dns_kept_get(uint32_t frame)
{
    uint32_t page = frame / PAGE;
    return page < page_count && pages[page] ? pages[page][frame % PAGE] : NULL;
}
