/* mask.h
 * Other names for addresses and domain names: client-1, server-2, name-3.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same one has the same replacement everywhere, so that who is who can still be told. Ports stay. Memory: GLib's heap,
 * some 100 bytes for each that was asked for.
 */
#ifndef DNSRCODE_STORIES_MASK_H
#define DNSRCODE_STORIES_MASK_H

#include "../knowledge/text.h"
#include "../statistics/collection.h"

typedef struct mask mask;

/* Addresses are clients or servers by the messages of the collection. */
mask *mask_new(const collection *c);
void mask_free(mask *m);

/* What texts are rendered with. */
const dns_text_mask *mask_texts(const mask *m);

#endif
