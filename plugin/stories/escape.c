/* escape.c
 * Text that comes from packets, for HTML.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "escape.h"

void html_text(GString *to, const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    for (char *c = valid; *c; c++)
        if ((unsigned char)*c < ' ' && *c != '\n') /* HTML has no place for it, not even escaped */
            *c = '?';
    char *escaped = g_markup_escape_text(valid, -1);
    g_string_append(to, escaped);
    g_free(escaped);
    g_free(valid);
}
