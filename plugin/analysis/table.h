/* table.h
 * Hash tables of a memory scope, for what every message looks up.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where each message comes from another client, what costs is waiting for memory. So the places of a table (open addressing,
 * linear probing) have the hash beside the entry: a look-up that finds nothing, adding and removing touch these alone, one
 * after the other, and no entry. The table knows no keys: the caller has the hash, and says whether an entry is the one.
 * Entries are the caller's; the table never shrinks.
 */
#ifndef DNSRCODE_TABLE_H
#define DNSRCODE_TABLE_H

#include "memory.h"

/* The pointer in pieces of 4 bytes: so a place has no padding. All zero: free. */
typedef struct {
    uint32_t hash, entry[sizeof(void *) / sizeof(uint32_t)];
} dns_table_place;

static inline void *dns_table_entry(const dns_table_place *place)
{
    void *entry;
    memcpy(&entry, place->entry, sizeof entry);
    return entry;
}

static inline void dns_table_put(dns_table_place *place, uint32_t hash, const void *entry)
{
    place->hash = hash;
    memcpy(place->entry, &entry, sizeof entry);
}

typedef struct {
    wmem_allocator_t *scope;
    dns_table_place *places;
    uint32_t mask, count; /* places - 1, a power of two; entries */
} dns_table;

void dns_table_init(dns_table *table, wmem_allocator_t *scope);
void dns_table_grow(dns_table *table);

/* The first free one from the hash's own on. */
static inline void dns_table_take_place(dns_table *t, uint32_t hash, void *entry)
{
    uint32_t i = hash & t->mask;
    while (dns_table_entry(&t->places[i]))
        i = (i + 1) & t->mask;
    dns_table_put(&t->places[i], hash, entry);
}

static inline void dns_table_add(dns_table *t, uint32_t hash, void *entry)
{
    if (8 * ++t->count > 5 * (t->mask + 1)) /* beyond, runs of taken places grow long */
        dns_table_grow(t);
    dns_table_take_place(t, hash, entry);
}

/* An entry that was added with this hash. */
void dns_table_remove(dns_table *table, uint32_t hash, const void *entry);
void dns_table_replace(dns_table *table, uint32_t hash, const void *entry, void *by);

/* The place will be looked at in a moment: where several tables are asked about one message, waiting for memory once is
 * enough. */
static inline void dns_table_expect(const dns_table *t, uint32_t hash)
{
#ifdef __GNUC__
    __builtin_prefetch(&t->places[hash & t->mask]);
#else
    (void)t;
    (void)hash;
#endif
}

typedef bool (*dns_table_is)(const void *entry, const void *key);

/* NULL when there is none. */
static inline void *dns_table_find(const dns_table *t, uint32_t hash, dns_table_is is, const void *key)
{
    for (uint32_t i = hash & t->mask;; i = (i + 1) & t->mask) {
        void *entry = dns_table_entry(&t->places[i]);
        if (!entry || (t->places[i].hash == hash && is(entry, key)))
            return entry;
    }
}

#endif
