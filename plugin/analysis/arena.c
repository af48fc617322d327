/* arena.c
 * Many small objects that stay as long as their scope.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arena.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define EACH_BY_ITSELF 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(EACH_BY_ITSELF)
enum { BLOCK = 0 };
#else
enum { BLOCK = 16384 };
#endif

void *dns_arena_alloc0(dns_arena *arena, size_t size)
{
    size = (size + 7) / 8 * 8;
    if (size > BLOCK / 4)
        return wmem_alloc0(arena->scope, size);
    if (size > arena->left) {
        arena->at = (uint8_t *)wmem_alloc(arena->scope, BLOCK);
        arena->left = BLOCK;
    }
    void *object = arena->at;
    arena->at += size;
    arena->left -= size;
    return memset(object, 0, size);
}

void dns_pool_init(dns_pool *pool, wmem_allocator_t *scope, size_t size)
{
    *pool = (dns_pool){.arena = {.scope = scope}, .size = size};
}

void *dns_pool_alloc0(dns_pool *pool)
{
    void *object = pool->unused;
    if (!object)
        return dns_arena_alloc0(&pool->arena, pool->size);
    memcpy(&pool->unused, object, sizeof pool->unused);
    return memset(object, 0, pool->size);
}

void dns_pool_free(dns_pool *pool, void *object)
{
    if (!BLOCK) {
        wmem_free(pool->arena.scope, object);
        return;
    }
    memcpy(object, &pool->unused, sizeof pool->unused);
    pool->unused = object;
}
