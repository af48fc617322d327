/* evidence.c
 * The sentences of dnsrcode.evidence.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge.h"

static const char *const texts[EVIDENCE_COUNT] = {
#define DNS_EVIDENCE_ENUM(name, text) [EVIDENCE_##name] = text,
#include "evidence.def"
#undef DNS_EVIDENCE_ENUM
};

const char *dns_evidence_text(dns_evidence_kind kind)
{
    return texts[kind];
}
