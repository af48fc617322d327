/* collect.c
 * From what the tap hands out to a collection.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../source/source.h"
#include "inside.h"

unsigned statistics_collect(collection *c, const packet_info *pinfo, const tapped_frame *frame)
{
    dns_endpoint source, destination;
    source_ends(pinfo, &source, &destination);
    return collection_add(c, frame->findings, &source, &destination);
}
