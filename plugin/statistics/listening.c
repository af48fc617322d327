/* listening.c
 * What a listener keeps.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "listening.h"

void listening_init(listening *l, bool with_moments)
{
    memset(l, 0, sizeof *l);
    collection_init(&l->messages);
    if (!with_moments)
        return;
    l->moments = g_array_new(FALSE, FALSE, sizeof(moment));
    l->segments = g_array_new(FALSE, FALSE, sizeof(tcp_segment));
}

void listening_free(listening *l)
{
    collection_free(&l->messages);
    if (!l->moments)
        return;
    g_array_free(l->moments, TRUE);
    g_array_free(l->segments, TRUE);
}

void listening_forget(listening *l)
{
    l->all = 0;
    l->last_tcp.frame = 0;
    if (!l->moments)
        return;
    g_array_set_size(l->moments, 0);
    g_array_set_size(l->segments, 0);
}
