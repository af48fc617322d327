/* dso_column.c
 * DSO messages in the Info column.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The DNS dissector writes "DNS Stateful operations (DSO) response 0x0002" for each, whatever it is; 4.0 keeps only
 * the last message of a frame, later versions leave out those on which they threw.
 */
#include "../finding/dso_text.h"
#include "dso.h"

static const char wireshark_name[] = "DNS Stateful operations (DSO)";

/* ---- into the column ---- */

/* Wireshark's own words for the message, without the response code. */
static const char *own_words(packet_info *pinfo, const dns_finding *f)
{
    return wmem_strdup_printf(pinfo->pool, "%s %s0x%04x", wireshark_name, f->response ? "response " : "", f->id);
}

/* Where the words about the message that stands at `from` end: where the next one's begin, or with the text. */
static size_t message_end(const char *text, size_t from)
{
    static const char *const names[] = {wireshark_name, "Standard query", "Dynamic update", "Zone change notification"};
    for (const char *at = text + from; (at = strstr(at, ", ")); at += 2)
        for (size_t i = 0; i < array_length(names); i++)
            if (strncmp(at + 2, names[i], strlen(names[i])) == 0)
                return (size_t)(at - text);
    return strlen(text);
}

/* Behind the words of an ordinary message, which stay as they are. */
static size_t pass_over(packet_info *pinfo, const char *text, size_t from, const dns_finding *f)
{
    const char *at = strstr(text + from, wmem_strdup_printf(pinfo->pool, "0x%04x", f->id));
    return at ? message_end(text, (size_t)(at - text)) : from;
}

/* Wireshark has words for this message: the operation goes behind them, in place of the code as Wireshark names it. */
static char *splice(packet_info *pinfo, const char *text, const char *at, const dns_finding *f, const char *operation,
                    size_t *from)
{
    const char *end = at, *name = f->response ? place_header_rcode_name(f->rcode & 15) : NULL;
    if (name && *end == ' ' && strncmp(end + 1, name, strlen(name)) == 0)
        end += 1 + strlen(name);
    char *begin = wmem_strdup_printf(pinfo->pool, "%.*s %s", (int)(at - text), text, operation);
    *from = strlen(begin);
    return wmem_strdup_printf(pinfo->pool, "%s%s", begin, end);
}

/* Wireshark has none: they come between those of the messages before and after it. */
static char *insert(packet_info *pinfo, const char *text, const char *words, size_t *from)
{
    const char *rest = text + *from;
    if (*from)
        words = wmem_strdup_printf(pinfo->pool, "%.*s, %s", (int)*from, text, words);
    bool parted = !*from && *rest && *rest != '[';
    *from = strlen(words);
    return wmem_strdup_printf(pinfo->pool, "%s%s%s", words, parted ? ", " : "", rest);
}

char *dso_column_text(packet_info *pinfo, char *text, const dns_finding *findings)
{
    size_t from = 0;
    for (const dns_finding *f = findings; f; f = f->more->next) {
        const char *operation = dso_operation_text(pinfo->pool, f, NULL);
        if (!operation) {
            from = f->message ? pass_over(pinfo, text, from, f) : from;
            continue;
        }
        const char *words = own_words(pinfo, f), *at = strstr(text + from, words);
        if (at)
            text = splice(pinfo, text, at + strlen(words), f, operation, &from);
        else
            text = insert(pinfo, text, wmem_strdup_printf(pinfo->pool, "%s %s", words, operation), &from);
    }
    return text;
}
