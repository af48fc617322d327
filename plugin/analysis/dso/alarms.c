/* alarms.c
 * The queue of deadlines.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "alarms.h"

static void sift_down(dso_alarms *a)
{
    unsigned at = 0;
    for (;;) {
        unsigned least = at, child = 2 * at + 1;
        for (unsigned i = child; i < child + 2 && i < a->count; i++)
            if (a->heap[i].due < a->heap[least].due)
                least = i;
        if (least == at)
            return;
        dso_alarm swap = a->heap[at];
        a->heap[at] = a->heap[least];
        a->heap[least] = swap;
        at = least;
    }
}

void dso_alarms_push(dso_alarms *a, int64_t due, struct dso_connection *connection)
{
    if (a->count == a->room) {
        a->room = a->room ? 2 * a->room : 16;
        a->heap = (dso_alarm *)wmem_realloc(a->scope, a->heap, a->room * sizeof *a->heap);
    }
    unsigned at = a->count++;
    while (at && a->heap[(at - 1) / 2].due > due) {
        a->heap[at] = a->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    a->heap[at] = (dso_alarm){due, connection};
}

dso_alarm dso_alarms_pop(dso_alarms *a)
{
    dso_alarm first = a->heap[0];
    a->heap[0] = a->heap[--a->count];
    sift_down(a);
    return first;
}
