/* writer.c
 * Plain text for a terminal: words, wrapped.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "writer.h"

#include <string.h>

static void spaces(writer *w, unsigned count)
{
    g_string_append_printf(w->text, "%*s", (int)count, "");
    w->column += count;
}

void writer_line(writer *w, unsigned indent)
{
    while (w->text->len && w->text->str[w->text->len - 1] == ' ')
        g_string_truncate(w->text, w->text->len - 1);
    if (w->text->len)
        g_string_append_c(w->text, '\n');
    w->column = 0;
    spaces(w, indent);
}

static void word(writer *w, unsigned hang, const char *text, size_t length)
{
    size_t width = (size_t)g_utf8_strlen(text, (gssize)length);
    if (w->column > hang && w->column + width > WRITER_WIDTH)
        writer_line(w, hang);
    g_string_append_len(w->text, text, (gssize)length);
    w->column += (unsigned)width;
}

void writer_words(writer *w, unsigned hang, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, " ");
        size_t gap = strspn(text + length, " ");
        word(w, hang, text, length);
        text += length + gap;
        if (!gap)
            continue;
        /* A space belongs before the next word only when that stays on this line. */
        size_t next = strcspn(text, " ");
        if (w->column + 1 + next > WRITER_WIDTH && next)
            writer_line(w, hang);
        else
            spaces(w, 1);
    }
}
