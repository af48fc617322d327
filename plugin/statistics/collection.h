/* collection.h
 * What a statistic keeps of the messages it was shown.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Later frames complete earlier findings, so a statistic keeps pointers to them (file scope) and
 * evaluates them when it is drawn: one pass and two give the same numbers. Memory: 16 bytes per
 * message and one entry per address, from GLib's heap.
 */
#ifndef DNSRCODE_COLLECTION_H
#define DNSRCODE_COLLECTION_H

#include "statistics.h"

/* A message, or a segment with a finding of its own, and its two ends. */
typedef struct {
    const dns_finding *finding;
    uint32_t server;      /* for collection_end() */
    uint32_t client : 31; /* likewise */
    uint32_t to_server : 1;
} collected;

typedef struct {
    GArray *records; /* collected */
    GPtrArray *ends; /* dns_endpoint */
    GHashTable *index;
    unsigned capture; /* findings of another capture are gone */
} collection;

void collection_init(collection *c);
void collection_free(collection *c);
void collection_clear(collection *c);

/* The findings of a frame from `source` to `destination`. Returns how many records there were before. */
unsigned collection_add(collection *c, const dns_finding *findings, const dns_endpoint *source,
                        const dns_endpoint *destination);

/* One of them. */
void collection_add_one(collection *c, const dns_finding *finding, const dns_endpoint *source,
                        const dns_endpoint *destination);

unsigned collection_count(const collection *c);
const collected *collection_get(const collection *c, unsigned i);

/* An address; with a port where it is a server's, and not one of those set apart for DNS. */
const dns_endpoint *collection_end(const collection *c, uint32_t i);

/* ---- how it stands, as far as the capture was read ---- */

dns_outcome collected_outcome(const dns_diagnosis *diagnosis);

#endif
