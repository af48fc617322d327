/* types.c
 * DSO-TYPEs and their ranges.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "types.h"

#include <stdio.h>

static const dso_type_row rows[] = {
    {0x0000, 0x0000, "reserved", DSO_RANGE_RESERVED, DSO_ADDITIONAL_ANYWHERE},
    {DSO_KEEPALIVE, DSO_KEEPALIVE, "Keepalive", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_NEVER},
    {DSO_RETRY_DELAY, DSO_RETRY_DELAY, "Retry Delay", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_IN_RESPONSES},
    {DSO_PADDING, DSO_PADDING, "Encryption Padding", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_ANYWHERE},
    {0x0004, 0x003f, "unassigned, session management", DSO_RANGE_UNASSIGNED, DSO_ADDITIONAL_ANYWHERE},
    {DSO_SUBSCRIBE, DSO_SUBSCRIBE, "SUBSCRIBE", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_NEVER},
    {DSO_PUSH, DSO_PUSH, "PUSH", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_NEVER},
    {DSO_UNSUBSCRIBE, DSO_UNSUBSCRIBE, "UNSUBSCRIBE", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_NEVER},
    {DSO_RECONFIRM, DSO_RECONFIRM, "RECONFIRM", DSO_RANGE_ASSIGNED, DSO_ADDITIONAL_NEVER},
    {0x0044, 0xf7ff, "unassigned", DSO_RANGE_UNASSIGNED, DSO_ADDITIONAL_ANYWHERE},
    {0xf800, 0xf8ff, "experimental or local", DSO_RANGE_PRIVATE, DSO_ADDITIONAL_ANYWHERE},
    {0xf900, 0xf91b, "experimental or local, Apple relay or replication", DSO_RANGE_PRIVATE, DSO_ADDITIONAL_ANYWHERE},
    {0xf91c, 0xfbff, "experimental or local", DSO_RANGE_PRIVATE, DSO_ADDITIONAL_ANYWHERE},
    {0xfc00, 0xffff, "reserved", DSO_RANGE_RESERVED, DSO_ADDITIONAL_ANYWHERE},
};

const dso_type_row *dso_type_rows(size_t *count)
{
    *count = sizeof rows / sizeof *rows;
    return rows;
}

const dso_type_row *dso_type_find(uint16_t type)
{
    const dso_type_row *row = rows;
    while (type > row->last)
        row++;
    return row;
}

size_t dso_type_text(char *to, size_t size, uint16_t type)
{
    const dso_type_row *row = dso_type_find(type);
    if (row->range == DSO_RANGE_ASSIGNED)
        return (size_t)snprintf(to, size, "%s", row->name);
    return (size_t)snprintf(to, size, "0x%04X (%s)", type, row->name);
}

/* ---- RR types and classes, as far as Push subscriptions are likely to name them ---- */

typedef struct {
    uint16_t value;
    const char *name;
} name_row;

static const name_row rrtypes[] = {
    {1, "A"},        {2, "NS"},     {5, "CNAME"},   {6, "SOA"},    {12, "PTR"},  {13, "HINFO"},
    {15, "MX"},      {16, "TXT"},   {18, "AFSDB"},  {25, "KEY"},   {28, "AAAA"}, {33, "SRV"},
    {35, "NAPTR"},   {39, "DNAME"}, {41, "OPT"},    {42, "APL"},   {43, "DS"},   {44, "SSHFP"},
    {46, "RRSIG"},   {47, "NSEC"},  {48, "DNSKEY"}, {50, "NSEC3"}, {52, "TLSA"}, {59, "CDS"},
    {60, "CDNSKEY"}, {64, "SVCB"},  {65, "HTTPS"},  {255, "ANY"},  {257, "CAA"},
};
static const name_row classes[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};

static size_t row_text(char *to, size_t size, const name_row *rows_, size_t count, const char *otherwise,
                       uint16_t value)
{
    for (size_t i = 0; i < count; i++)
        if (rows_[i].value == value)
            return (size_t)snprintf(to, size, "%s", rows_[i].name);
    return (size_t)snprintf(to, size, "%s%u", otherwise, value);
}

size_t dns_rrtype_text(char *to, size_t size, uint16_t type)
{
    return row_text(to, size, rrtypes, sizeof rrtypes / sizeof *rrtypes, "TYPE", type);
}

size_t dns_class_text(char *to, size_t size, uint16_t class_)
{
    return row_text(to, size, classes, sizeof classes / sizeof *classes, "CLASS", class_);
}
