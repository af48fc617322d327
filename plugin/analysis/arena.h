/* arena.h
 * Many small objects that stay as long as their scope.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A wmem pool adds up to 30 bytes to each object, as much as a finding has. Objects of an arena have none, and cannot be
 * freed. With AddressSanitizer each is a block of its own, so that nothing hides from it.
 */
#ifndef DNSRCODE_ARENA_H
#define DNSRCODE_ARENA_H

#include "memory.h"

typedef struct {
    wmem_allocator_t *scope;
    uint8_t *at;
    size_t left;
} dns_arena;

/* Zeroed, aligned for any of the plugin's structs. */
void *dns_arena_alloc0(dns_arena *arena, size_t size);

/* Objects of one size that come and go; likewise without an addition to each. */
typedef struct {
    dns_arena arena;
    size_t size;
    void *unused; /* freed ones, linked */
} dns_pool;

void dns_pool_init(dns_pool *pool, wmem_allocator_t *scope, size_t size);

/* Zeroed. */
void *dns_pool_alloc0(dns_pool *pool);
void dns_pool_free(dns_pool *pool, void *object);

#endif
