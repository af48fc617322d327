/* escape.h
 * Text that comes from packets, for HTML.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_STORIES_ESCAPE_H
#define DNSRCODE_STORIES_ESCAPE_H

#include <glib.h>

/* Appends the text: markup escaped, bytes that are no UTF-8 and control characters replaced. */
void html_text(GString *to, const char *text);

#endif
