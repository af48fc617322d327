/* writer.h
 * Plain text for a terminal: words, wrapped.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_WRITER_H
#define DNSRCODE_WRITER_H

#include <glib.h>

enum { WRITER_WIDTH = 80 };

typedef struct {
    GString *text;
    unsigned column;
} writer;

/* Begins a line with `indent` spaces. */
void writer_line(writer *w, unsigned indent);

/* Adds text, broken at spaces; lines that go on are indented by `hang`. */
void writer_words(writer *w, unsigned hang, const char *text);

#endif
