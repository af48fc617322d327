/* html.h
 * Stories as one page for a ticket: no script, nothing from elsewhere.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_HTML_H
#define DNSRCODE_STORIES_HTML_H

#include "text.h"

/* HTML5, UTF-8; what comes from packets is escaped. The report stands on top, then each story as a drawn ladder, with the
 * same as text below it. To be freed with g_free(). */
char *stories_html(const story_view *v);

#endif
