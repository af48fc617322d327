/* list.h
 * Lists whose links stand in their items.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A GList has a pointer to its item besides, and is handled by calls: with several links for each client of a busy server, both
 * tell. An item has one dns_link for each list that it may be in, and is in that list once at most.
 */
#ifndef DNSRCODE_LIST_H
#define DNSRCODE_LIST_H

#include <stddef.h>
#include <stdint.h>

typedef struct dns_link {
    struct dns_link *before, *after;
} dns_link;

/* All zero: empty. */
typedef struct {
    dns_link *first, *last;
    unsigned count;
} dns_list;

static inline void *dns_list_item(dns_link *link, size_t offset)
{
    return link ? (uint8_t *)link - offset : NULL;
}

/* The item, a `type`, whose `member` this link is; NULL for NULL. */
#define DNS_LIST_ITEM(link, type, member) ((type *)dns_list_item((link), offsetof(type, member)))

static inline void dns_list_append(dns_list *list, dns_link *link)
{
    link->before = list->last;
    link->after = NULL;
    if (list->last)
        list->last->after = link;
    else
        list->first = link;
    list->last = link;
    list->count++;
}

static inline void dns_list_remove(dns_list *list, dns_link *link)
{
    if (link->before)
        link->before->after = link->after;
    else
        list->first = link->after;
    if (link->after)
        link->after->before = link->before;
    else
        list->last = link->before;
    list->count--;
}

/* Puts another item where this one is. */
static inline void dns_list_replace(dns_list *list, const dns_link *link, dns_link *by)
{
    *by = *link;
    if (by->before)
        by->before->after = by;
    else
        list->first = by;
    if (by->after)
        by->after->before = by;
    else
        list->last = by;
}

static inline void dns_list_to_end(dns_list *list, dns_link *link)
{
    if (list->last == link)
        return;
    dns_list_remove(list, link);
    dns_list_append(list, link);
}

#endif
