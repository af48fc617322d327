/* mask.c
 * Other names for addresses and domain names.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mask.h"

#include "../knowledge/rules.h"

struct mask {
    GHashTable *servers;   /* "ADDRESS" of all that a message was sent to as one, or came from */
    GHashTable *addresses; /* "ADDRESS" -> "server-2" */
    GHashTable *texts;     /* "ADDRESS:PORT" -> "server-2:53", a name in lower case -> "name-3" */
    unsigned client_count, server_count, name_count;
    dns_text_mask texts_by;
};

static char *address_text(const dns_endpoint *endpoint)
{
    char text[80];
    dns_endpoint bare = {.address = endpoint->address};
    dns_text_endpoint(text, sizeof text, &bare);
    return g_strdup(text);
}

static const char *masked_host(mask *m, const dns_endpoint *endpoint)
{
    char *key = address_text(endpoint);
    const char *known = (const char *)g_hash_table_lookup(m->addresses, key);
    if (known) {
        g_free(key);
        return known;
    }
    bool server = g_hash_table_contains(m->servers, key);
    char *host =
        server ? g_strdup_printf("server-%u", ++m->server_count) : g_strdup_printf("client-%u", ++m->client_count);
    g_hash_table_insert(m->addresses, key, host);
    return host;
}

static const char *masked_address(void *data, const dns_endpoint *endpoint)
{
    mask *m = (mask *)data;
    const char *host = masked_host(m, endpoint);
    if (!endpoint->port)
        return host;
    char *text = g_strdup_printf("%s:%u", host, endpoint->port);
    const char *known = (const char *)g_hash_table_lookup(m->texts, text);
    if (known)
        g_free(text);
    else
        g_hash_table_insert(m->texts, text, g_strdup(text));
    return known ? known : text;
}

static bool is_rule(const char *name)
{
    for (unsigned i = 0; i < RULE_COUNT; i++)
        if (strcmp(dns_rule_find(i)->slug, name) == 0)
            return true;
    return false;
}

/* Texts name domains and broken rules; rules give nothing away. */
static const char *masked_name(void *data, const char *name)
{
    mask *m = (mask *)data;
    if (!*name || is_rule(name))
        return name;
    char *lower = g_ascii_strdown(name, -1);
    char *known = (char *)g_hash_table_lookup(m->texts, lower);
    if (known) {
        g_free(lower);
        return known;
    }
    known = g_strdup_printf("name-%u", ++m->name_count);
    g_hash_table_insert(m->texts, lower, known);
    return known;
}

mask *mask_new(const collection *c)
{
    mask *m = g_new0(mask, 1);
    m->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    m->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    m->texts_by = (dns_text_mask){masked_address, masked_name, m};
    for (unsigned i = 0; i < collection_count(c); i++) {
        uint32_t end = collection_get(c, i)->server;
        if (i == 0 || collection_get(c, i - 1)->server != end)
            g_hash_table_add(m->servers, address_text(collection_end(c, end)));
    }
    return m;
}

void mask_free(mask *m)
{
    g_hash_table_destroy(m->servers);
    g_hash_table_destroy(m->addresses);
    g_hash_table_destroy(m->texts);
    g_free(m);
}

const dns_text_mask *mask_texts(const mask *m)
{
    return &m->texts_by;
}
