/* ports.c
 * TCP ports of DNS.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments without a message matter for connections that carry DNS: their flags, their gaps. To look each one's
 * connection up costs more than all else together where most of a capture is not DNS. Ports tell enough: those that
 * lead to DNS in Wireshark's tables, and those where messages were seen.
 */
#include "frame.h"

enum { PORTS = 65536 };

static uint8_t known[PORTS / 8];

static void add(unsigned port)
{
    if (port < PORTS)
        known[port / 8] |= (uint8_t)(1U << port % 8);
}

static bool has(unsigned port)
{
    return port < PORTS && known[port / 8] & 1U << port % 8;
}

static void add_entry(const char *table _U_, ftenum_t type _U_, void *key, void *entry, void *data _U_)
{
    if (stand_in_leads_to_dns(dtbl_entry_get_handle((dtbl_entry_t *)entry)))
        add(GPOINTER_TO_UINT(key));
}

void ports_start(void)
{
    static const char *const tables[] = {"tcp.port", "tls.port"};
    memset(known, 0, sizeof known);
    add(PORT_DNS_OVER_TLS); /* also where it is not decrypted */
    for (size_t i = 0; i < array_length(tables); i++)
        if (find_dissector_table(tables[i]))
            dissector_table_foreach(tables[i], add_entry, NULL);
}

void ports_learn(const dns_packet *p)
{
    add(p->source.port);
    add(p->destination.port);
}

bool ports_lead_to_dns(unsigned one, unsigned other)
{
    return has(one) || has(other);
}
