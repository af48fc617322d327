/* dso_text.h
 * What a DSO message says, in a few words.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_DSO_TEXT_H
#define DNSRCODE_DSO_TEXT_H

#include "../knowledge/text.h"
#include "dso_finding.h"

/* "DSO SUBSCRIBE example.com PTR", "DSOTYPENI to SUBSCRIBE": what a message of opcode 6 says. Memory of `scope`, or static.
 * NULL when the finding is about something else. With `mask` names are those that it has for them, and rdata is left out. */
const char *dso_operation_text(wmem_allocator_t *scope, const dns_finding *finding, const dns_text_mask *mask);

#endif
