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

void *dns_arena_more(dns_arena *arena, size_t size)
{
    if (size > BLOCK / 4)
        return wmem_alloc(arena->scope, size);
    uint8_t *object = (uint8_t *)wmem_alloc(arena->scope, BLOCK);
    arena->at = object + size;
    arena->left = BLOCK - size;
    return object;
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
