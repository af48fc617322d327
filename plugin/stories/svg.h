/* svg.h
 * A story drawn: inside the stories room.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_SVG_H
#define DNSRCODE_STORIES_SVG_H

#include "text.h"

/* The drawing of one story: an svg element, to stand in a page with that one's style. */
void story_svg(GString *to, const story_view *v, const story *s);

#endif
