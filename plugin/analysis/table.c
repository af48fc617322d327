/* table.c
 * Hash tables of a memory scope.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "table.h"

enum { PLACES_MIN = 16 };

static void make_places(dns_table *t, uint32_t count)
{
    t->places = wmem_alloc0_array(t->scope, dns_table_place, count);
    t->mask = count - 1;
}

void dns_table_init(dns_table *t, wmem_allocator_t *scope)
{
    t->scope = scope;
    t->count = 0;
    make_places(t, PLACES_MIN);
}

static void take_free_place(dns_table *t, uint32_t hash, void *entry)
{
    uint32_t i = hash & t->mask;
    while (t->places[i].entry)
        i = (i + 1) & t->mask;
    t->places[i] = (dns_table_place){hash, entry};
}

static void grow(dns_table *t)
{
    dns_table_place *old = t->places;
    uint32_t old_mask = t->mask;
    make_places(t, 2 * (old_mask + 1));
    for (uint32_t i = 0; i <= old_mask; i++)
        if (old[i].entry)
            take_free_place(t, old[i].hash, old[i].entry);
    wmem_free(t->scope, old);
}

void dns_table_add(dns_table *t, uint32_t hash, void *entry)
{
    if (8 * ++t->count > 5 * (t->mask + 1)) /* beyond, runs of taken places grow long */
        grow(t);
    take_free_place(t, hash, entry);
}

static uint32_t find_place(const dns_table *t, uint32_t hash, const void *entry)
{
    uint32_t i = hash & t->mask;
    while (t->places[i].entry != entry || t->places[i].hash != hash)
        i = (i + 1) & t->mask;
    return i;
}

/* Whoever stands behind, and would have stood here, moves up: a look-up ends at the first free place. */
void dns_table_remove(dns_table *t, uint32_t hash, const void *entry)
{
    uint32_t hole = find_place(t, hash, entry);
    for (uint32_t i = (hole + 1) & t->mask; t->places[i].entry; i = (i + 1) & t->mask) {
        uint32_t home = t->places[i].hash & t->mask;
        bool may_move = ((i - home) & t->mask) >= ((i - hole) & t->mask);
        if (!may_move)
            continue;
        t->places[hole] = t->places[i];
        hole = i;
    }
    t->places[hole].entry = NULL;
    t->count--;
}

void dns_table_replace(dns_table *t, uint32_t hash, const void *entry, void *by)
{
    t->places[find_place(t, hash, entry)].entry = by;
}
