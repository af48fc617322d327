/* collection.c
 * What a statistic keeps of the messages it was shown.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collection.h"

#include "../finding/dso_finding.h"
#include "../message/message.h"
#include "inside.h"

/* ---- addresses ---- */

static unsigned hash_end(const void *key)
{
    const dns_endpoint *e = (const dns_endpoint *)key;
    unsigned hash = e->port;
    for (unsigned i = 0; i < e->address.length; i++)
        hash = (hash ^ e->address.bytes[i]) * 16777619u;
    return hash;
}

static gboolean equal_end(const void *a, const void *b)
{
    return dns_endpoint_equal((const dns_endpoint *)a, (const dns_endpoint *)b);
}

static uint32_t index_of(collection *c, const dns_endpoint *end)
{
    void *found = g_hash_table_lookup(c->index, end);
    if (found)
        return GPOINTER_TO_UINT(found) - 1;
    dns_endpoint *own = g_new(dns_endpoint, 1);
    *own = *end;
    g_ptr_array_add(c->ends, own);
    g_hash_table_insert(c->index, own, GUINT_TO_POINTER(c->ends->len));
    return c->ends->len - 1;
}

/* ---- which end is the server ---- */

static bool is_dns_port(uint16_t port)
{
    return port == 53 || port == 853 || port == 443;
}

static bool destination_serves(const dns_endpoint *source, const dns_endpoint *destination)
{
    if (is_dns_port(source->port) != is_dns_port(destination->port))
        return is_dns_port(destination->port);
    return destination->port <= source->port;
}

static bool to_server(const dns_finding *f, const dns_endpoint *source, const dns_endpoint *destination)
{
    const dns_dso_message *dso = f->more->dso ? f->more->dso->message : NULL;
    if (dso && dso->sender != DSO_SENDER_UNKNOWN)
        return dso->sender == DSO_SENDER_CLIENT;
    if (!f->message || f->unread || f->opcode == DNS_OPCODE_DSO)
        return destination_serves(source, destination);
    return !f->response;
}

void collection_add_one(collection *c, const dns_finding *f, const dns_endpoint *source,
                        const dns_endpoint *destination)
{
    if (f->more->ends) { /* the frame's are another packet's */
        source = &f->more->ends[0];
        destination = &f->more->ends[1];
    }
    bool query = to_server(f, source, destination);
    dns_endpoint server = query ? *destination : *source, client = query ? *source : *destination;
    client.port = 0;
    if (is_dns_port(server.port))
        server.port = 0;
    collected record = {f, index_of(c, &server), index_of(c, &client) & INT32_MAX, query};
    g_array_append_val(c->records, record);
}

/* ---- the collection ---- */

void collection_init(collection *c)
{
    c->records = g_array_new(FALSE, FALSE, sizeof(collected));
    c->ends = g_ptr_array_new_with_free_func(g_free);
    c->index = g_hash_table_new(hash_end, equal_end);
    c->capture = statistics_capture();
}

void collection_clear(collection *c)
{
    g_array_set_size(c->records, 0);
    g_hash_table_remove_all(c->index);
    g_ptr_array_set_size(c->ends, 0);
    c->capture = statistics_capture();
}

void collection_free(collection *c)
{
    g_array_free(c->records, TRUE);
    g_hash_table_destroy(c->index);
    g_ptr_array_free(c->ends, TRUE);
}

unsigned collection_add(collection *c, const dns_finding *findings, const dns_endpoint *source,
                        const dns_endpoint *destination)
{
    if (c->capture != statistics_capture())
        collection_clear(c);
    unsigned before = c->records->len;
    for (const dns_finding *f = findings; f; f = f->more->next)
        collection_add_one(c, f, source, destination);
    return before;
}

unsigned collection_count(const collection *c)
{
    return c->capture == statistics_capture() ? c->records->len : 0;
}

const collected *collection_get(const collection *c, unsigned i)
{
    return &g_array_index(c->records, collected, i);
}

const dns_endpoint *collection_end(const collection *c, uint32_t i)
{
    return (const dns_endpoint *)g_ptr_array_index(c->ends, i);
}

dns_outcome collected_outcome(const dns_diagnosis *diagnosis)
{
    const dns_so_far so_far = statistics_so_far();
    return dns_diagnosis_outcome(diagnosis, &so_far);
}
