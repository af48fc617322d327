/* dso_server.c
 * The records of servers and DSO.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dso_server.h"

#include "../hash.h"

struct dso_servers {
    wmem_allocator_t *scope;
    wmem_map_t *by_endpoint;
};

static guint hash_server(gconstpointer key)
{
    return dns_hash_endpoint(&((const dso_server *)key)->endpoint);
}

static gboolean equal_servers(gconstpointer a, gconstpointer b)
{
    return dns_endpoint_equal(&((const dso_server *)a)->endpoint, &((const dso_server *)b)->endpoint);
}

dso_servers *dso_servers_new(wmem_allocator_t *scope)
{
    dso_servers *servers = wmem_new0(scope, dso_servers);
    servers->scope = scope;
    servers->by_endpoint = wmem_map_new(scope, hash_server, equal_servers);
    return servers;
}

dso_server *dso_servers_get(dso_servers *servers, const dns_endpoint *endpoint)
{
    dso_server key = {.endpoint = *endpoint};
    dso_server *server = wmem_map_lookup(servers->by_endpoint, &key);
    if (server || wmem_map_size(servers->by_endpoint) >= DSO_SERVERS_MAX)
        return server;
    server = wmem_new0(servers->scope, dso_server);
    server->endpoint = *endpoint;
    dns_claim_init(&server->no_dso, servers->scope);
    dns_claim_init(&server->no_push, servers->scope);
    wmem_map_insert(servers->by_endpoint, server, server);
    return server;
}

void dso_server_refuse(dso_server *server, uint16_t type, uint32_t frame)
{
    if (dso_server_refused_in(server, type) || server->refused_count >= DSO_REFUSED_TYPES_MAX)
        return;
    server->refused[server->refused_count].type = type;
    server->refused[server->refused_count++].frame = frame;
}

uint32_t dso_server_refused_in(const dso_server *server, uint16_t type)
{
    for (unsigned i = 0; i < server->refused_count; i++)
        if (server->refused[i].type == type)
            return server->refused[i].frame;
    return 0;
}
