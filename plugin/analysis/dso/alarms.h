/* alarms.h
 * The queue of deadlines: a heap, so that a frame without anything due costs one comparison.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Times are nanoseconds. Memory of `scope`, which grows with the connections that wait.
 */
#ifndef DNSRCODE_DSO_ALARMS_H
#define DNSRCODE_DSO_ALARMS_H

#include "../memory.h"

struct dso_connection;

typedef struct {
    int64_t due;
    struct dso_connection *connection;
} dso_alarm;

/* All zero but for its scope: empty. */
typedef struct {
    wmem_allocator_t *scope;
    dso_alarm *heap;
    unsigned count, room;
} dso_alarms;

void dso_alarms_push(dso_alarms *alarms, int64_t due, struct dso_connection *connection);

/* The earliest one, which there must be. */
dso_alarm dso_alarms_pop(dso_alarms *alarms);

/* When the earliest is due; INT64_MAX when there is none. */
static inline int64_t dso_alarms_due(const dso_alarms *alarms)
{
    return alarms->count ? alarms->heap[0].due : INT64_MAX;
}

#endif
