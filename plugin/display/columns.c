/* columns.c
 * The Info column, corrected.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "columns.h"

#include "../finding/dso_finding.h"
#include "dso.h"

static const char malformed_text[] = "[Malformed Packet]";

/* A DSO response may end behind its header (RFC 8490 section 5.4.2); the DNS dissector throws on it. */
static bool wrongly_malformed(const dns_finding *f)
{
    return f->message && f->opcode == 6 && f->response && f->empty_dso;
}

/* Where the code of this message stands in the column: behind "response 0x1234". */
static char *behind_id(char *text, uint16_t id)
{
    char mark[24];
    snprintf(mark, sizeof mark, "response 0x%04x", id);
    char *at = strstr(text, mark);
    return at ? at + strlen(mark) : NULL;
}

/* Replaces the `old_length` bytes at `at` by `with`. */
static char *splice(packet_info *pinfo, const char *text, const char *at, size_t old_length, const char *with)
{
    return wmem_strdup_printf(pinfo->pool, "%.*s%s%s", (int)(at - text), text, with, at + old_length);
}

/* "RRset exists" becomes "BADCOOKIE"; where the header bits are 0, nothing stands there yet. */
static char *name_rcode(packet_info *pinfo, char *text, const dns_finding *f)
{
    char *at = behind_id(text, f->id);
    if (!at)
        return text;
    const char *wrong = place_header_rcode_name(f->rcode & 15);
    size_t length = 0;
    if (wrong && *at == ' ' && strncmp(at + 1, wrong, strlen(wrong)) == 0)
        length = 1 + strlen(wrong);
    const char *right = wmem_strdup_printf(pinfo->pool, " %s", dns_rcode_find(f->rcode, f->tsig)->name);
    return splice(pinfo, text, at, length, right);
}

static char *drop_malformed(packet_info *pinfo, char *text)
{
    char *at;
    while ((at = strstr(text, malformed_text)))
        text = splice(pinfo, text, at, sizeof malformed_text - 1, "");
    return text;
}

/* Opcode 6 gets its operation and the code's name in one. */
static bool is_dso(const dns_finding *f)
{
    return f->more->dso && f->more->dso->message;
}

static bool needs_name(const dns_finding *f)
{
    return !is_dso(f) && f->rcode_state == RCODE_JOINED && (f->rcode > 15 || f->rcode == RCODE_DSOTYPENI);
}

void columns_correct(const dns_finding *findings, packet_info *pinfo, proto_tree *tree)
{
    unsigned valid = 0, wrong_names = 0, operations = 0;
    for (const dns_finding *f = findings; f; f = f->more->next) {
        valid += wrongly_malformed(f);
        wrong_names += needs_name(f);
        operations += is_dso(f);
    }
    if (!valid && !wrong_names && !operations)
        return;
    bool drop = valid && (!tree || place_hide_malformed(tree, valid));
    const char *now = col_get_text(pinfo->cinfo, COL_INFO);
    if (!now)
        return;
    char *text = wmem_strdup(pinfo->pool, now);
    for (const dns_finding *f = findings; f; f = f->more->next)
        if (needs_name(f))
            text = name_rcode(pinfo, text, f);
    if (operations)
        text = dso_column_text(pinfo, text, findings);
    if (drop)
        text = drop_malformed(pinfo, text);
    col_clear_fence(pinfo->cinfo, COL_INFO);
    col_add_str(pinfo->cinfo, COL_INFO, text);
    if (tree)
        place_set_info_field(tree, text);
}
