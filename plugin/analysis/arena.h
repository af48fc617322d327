/* arena.h
 * Many small objects that stay as long as their scope.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A wmem pool adds up to 30 bytes to each object, as much as a finding has. Objects of an arena have none, and cannot be
 * freed. With AddressSanitizer each is a block of its own, so that nothing hides from it. What every message does stands here,
 * so that the compiler, which knows the sizes, can put it in place.
 */
#ifndef DNSRCODE_ARENA_H
#define DNSRCODE_ARENA_H

#include "memory.h"

typedef struct {
    wmem_allocator_t *scope;
    uint8_t *at;
    size_t left;
} dns_arena;

/* Where the rest of the block is too small. Not zeroed. */
void *dns_arena_more(dns_arena *arena, size_t size);

/* Zeroed, aligned for any of the plugin's structs. */
static inline void *dns_arena_alloc0(dns_arena *arena, size_t size)
{
    size = (size + 7) / 8 * 8;
    void *object = arena->at;
    if (size > arena->left) {
        object = dns_arena_more(arena, size);
    } else {
        arena->at += size;
        arena->left -= size;
    }
    return memset(object, 0, size);
}

/* Objects of one size that come and go; likewise without an addition to each. */
typedef struct {
    dns_arena arena;
    void *unused; /* freed ones, linked */
} dns_pool;

/* Zeroed. `size`: always the same of one pool. */
static inline void *dns_pool_alloc0(dns_pool *pool, size_t size)
{
    void *object = pool->unused;
    if (!object)
        return dns_arena_alloc0(&pool->arena, size);
    memcpy(&pool->unused, object, sizeof pool->unused);
    return memset(object, 0, size);
}

void dns_pool_free(dns_pool *pool, void *object);

#endif
