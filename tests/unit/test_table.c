/* test_table.c
 * The hash table, against a list that does the same slowly.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/table.h"

#include <string.h>

#include "check.h"

enum { ENTRIES = 300, STEPS = 20000 };

typedef struct {
    uint32_t key;
    bool there;
} entry;

static bool is_entry(const void *e, const void *key)
{
    return ((const entry *)e)->key == *(const uint32_t *)key;
}

/* Few hashes, the last places among them, so that runs are long, overlap, and go round the end. */
static uint32_t hash_of(uint32_t key)
{
    return (uint32_t)-6 + key % 13;
}

static uint32_t draw(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static void check_all(const dns_table *t, const entry *entries, unsigned step)
{
    for (uint32_t k = 0; k < ENTRIES; k++) {
        const entry *found = (const entry *)dns_table_find(t, hash_of(k), is_entry, &k);
        CHECK(found == (entries[k].there ? &entries[k] : NULL), "step %u: entry %u is %sthere", step, k,
              entries[k].there ? "" : "not ");
    }
}

int main(void)
{
    static entry entries[ENTRIES];
    wmem_init();
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    dns_table t;
    dns_table_init(&t, scope);
    for (uint32_t k = 0; k < ENTRIES; k++)
        entries[k].key = k;
    uint32_t count = 0;
    for (unsigned step = 0; step < STEPS; step++) {
        entry *e = &entries[draw() % ENTRIES];
        if (e->there)
            dns_table_remove(&t, hash_of(e->key), e);
        else
            dns_table_add(&t, hash_of(e->key), e);
        e->there = !e->there;
        count += e->there ? 1u : (uint32_t)-1;
        if (step % 100 == 0)
            check_all(&t, entries, step);
    }
    CHECK(t.count == count, "%u entries are counted, %u are there", t.count, count);
    entry *first = entries;
    while (!first->there)
        first++;
    entry other = *first;
    dns_table_replace(&t, hash_of(first->key), first, &other);
    CHECK(dns_table_find(&t, hash_of(first->key), is_entry, &first->key) == &other, "one entry stands in another's place");
    wmem_destroy_allocator(scope);
    return failures != 0;
}
