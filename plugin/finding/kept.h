/* kept.h
 * The findings of each frame, kept for later passes.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A table by frame number, in pages: Wireshark's own list of a frame's data takes 48 bytes for what fits into 8. All memory
 * is of the scope given; frames without findings cost nothing where there are no others near them.
 */
#ifndef DNSRCODE_KEPT_H
#define DNSRCODE_KEPT_H

#include <wsutil/wmem/wmem.h>

#include "finding.h"

/* A new capture; `scope` NULL: none, the memory is gone. */
void dns_kept_start(wmem_allocator_t *scope);

/* What is kept with a frame from now on; NULL: nothing. Every frame of the first pass: a frame that a read filter rejects
 * leaves its number to the next one. */
void dns_kept_set(uint32_t frame, dns_finding *findings);

/* NULL when there is nothing. */
const dns_finding *dns_kept_get(uint32_t frame);

#endif
