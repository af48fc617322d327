/* test_list.c
 * The list, against an array that does the same slowly.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/list.h"

#include <stdbool.h>
#include <string.h>

#include "check.h"

enum { ITEMS = 7, STEPS = 20000 };

typedef struct {
    int before;
    dns_link link;
} item;

static uint32_t draw(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

/* Both ways. */
static void check_all(const dns_list *list, item *const *order, unsigned count, unsigned step)
{
    CHECK(list->count == count, "step %u: %u items, not %u", step, list->count, count);
    unsigned i = 0;
    for (dns_link *l = list->first; l; l = l->after, i++)
        CHECK(i < count && DNS_LIST_ITEM(l, item, link) == order[i], "step %u: another item at %u", step, i);
    CHECK(i == count, "step %u: %u items from the first on, not %u", step, i, count);
    unsigned back = 0;
    for (dns_link *l = list->last; l; l = l->before, back++)
        CHECK(back < count && DNS_LIST_ITEM(l, item, link) == order[count - 1 - back],
              "step %u: another item at %u from the end", step, back);
    CHECK(back == count, "step %u: %u items from the last on, not %u", step, back, count);
}

static unsigned take_out(item **order, unsigned count, const item *out)
{
    unsigned at = 0;
    while (order[at] != out)
        at++;
    memmove(order + at, order + at + 1, (count - at - 1) * sizeof *order);
    return count - 1;
}

int main(void)
{
    static item items[ITEMS];
    bool there[ITEMS] = {false};
    item *order[ITEMS];
    unsigned count = 0;
    dns_list list = {0};
    CHECK(!DNS_LIST_ITEM(list.first, item, link), "an empty list has an item");
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned which = draw() % ITEMS;
        item *it = &items[which];
        bool stays = there[which] && draw() % 2;
        if (stays)
            dns_list_to_end(&list, &it->link);
        else if (there[which])
            dns_list_remove(&list, &it->link);
        else
            dns_list_append(&list, &it->link);
        if (there[which])
            count = take_out(order, count, it);
        if (stays || !there[which])
            order[count++] = it;
        there[which] = stays || !there[which];
        check_all(&list, order, count, step);
        if (there[which] && draw() % 4 == 0) { /* its link moves away and back */
            dns_link elsewhere;
            dns_list_replace(&list, &it->link, &elsewhere);
            it->link.before = it->link.after = NULL;
            dns_list_replace(&list, &elsewhere, &it->link);
            check_all(&list, order, count, step);
        }
    }
    return check_result("list");
}
