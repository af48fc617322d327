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

void dns_table_grow(dns_table *t)
{
    dns_table_place *old = t->places;
    uint32_t old_mask = t->mask;
    make_places(t, 2 * (old_mask + 1));
    for (uint32_t i = 0; i <= old_mask; i++)
        if (dns_table_entry(&old[i]))
            dns_table_take_place(t, old[i].hash, dns_table_entry(&old[i]));
    wmem_free(t->scope, old);
}

static uint32_t find_place(const dns_table *t, uint32_t hash, const void *entry)
{
    uint32_t i = hash & t->mask;
    while (dns_table_entry(&t->places[i]) != entry || t->places[i].hash != hash)
        i = (i + 1) & t->mask;
    return i;
}

/* Whoever stands behind, and would have stood here, moves up: a look-up ends at the first free place. */
void dns_table_remove(dns_table *t, uint32_t hash, const void *entry)
{
    uint32_t hole = find_place(t, hash, entry);
    for (uint32_t i = (hole + 1) & t->mask; dns_table_entry(&t->places[i]); i = (i + 1) & t->mask) {
        uint32_t home = t->places[i].hash & t->mask;
        bool may_move = ((i - home) & t->mask) >= ((i - hole) & t->mask);
        if (!may_move)
            continue;
        t->places[hole] = t->places[i];
        hole = i;
    }
    dns_table_put(&t->places[hole], 0, NULL);
    t->count--;
}

void dns_table_replace(dns_table *t, uint32_t hash, const void *entry, void *by)
{
    dns_table_put(&t->places[find_place(t, hash, entry)], hash, by);
}
