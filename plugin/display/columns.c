/* columns.c
 * The Info column: corrected, and with the cause in it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "columns.h"

#include "../finding/dso_text.h"
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
    size_t before = (size_t)(at - text), between = strlen(with), behind = strlen(at + old_length) + 1;
    char *all = (char *)wmem_alloc(pinfo->pool, before + between + behind);
    memcpy(all, text, before);
    memcpy(all + before, with, between + 1);
    memcpy(all + before + between, at + old_length, behind);
    return all;
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
    return (f->rcode > 15 || f->rcode == RCODE_DSOTYPENI) && f->rcode_state == RCODE_JOINED && !is_dso(f);
}

/* The words of a valid message go in the tree (if there is one) and then in the column, together or not at all. */
static bool hide_malformed(const dns_finding *findings, proto_tree *tree)
{
    unsigned valid = 0;
    for (const dns_finding *f = findings; f; f = f->more->next)
        valid += wrongly_malformed(f);
    return valid && (!tree || place_hide_malformed(tree, valid));
}

/* Names and operations put right; the text itself where nothing is wrong with it. */
static char *corrected(const dns_finding *findings, packet_info *pinfo, bool hide, char *text)
{
    unsigned operations = 0;
    for (const dns_finding *f = findings; f; f = f->more->next) {
        operations += is_dso(f);
        if (needs_name(f))
            text = name_rcode(pinfo, text, f);
    }
    if (operations)
        text = dso_column_text(pinfo, text, findings);
    return hide ? drop_malformed(pinfo, text) : text;
}

/* ---- causes and broken rules ---- */

/* " [own-cookie-rejected]"; NULL when this message is not the place to tell of any, or of nothing above chat. */
static const char *slugs_text(const dns_finding *f, const display_pass *pass, packet_info *pinfo)
{
    const char *slugs[DNS_TROUBLES_MAX];
    unsigned count = dns_finding_troubles(f, &pass->so_far, DNS_SEVERITY_NOTE, slugs);
    if (!count)
        return NULL;
    wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, " [");
    for (unsigned i = 0; i < count; i++) {
        wmem_strbuf_append(text, i ? ", " : "");
        wmem_strbuf_append(text, slugs[i]);
    }
    wmem_strbuf_append(text, "]");
    return wmem_strbuf_get_str(text);
}

/* Behind the word when it stands here. */
static const char *behind_word(const char *at, const char *word)
{
    size_t length = word ? strlen(word) : 0;
    bool there = length && at[0] == ' ' && strncmp(at + 1, word, length) == 0;
    return there ? at + 1 + length : at;
}

/* Behind the words for the message and its code, in the text from `from` on; NULL where there are none: Wireshark 4.0 shows
 * only the last message of a frame. */
static const char *behind_message(packet_info *pinfo, const char *from, const dns_finding *f)
{
    const char *id = wmem_strdup_printf(pinfo->pool, f->response ? "response 0x%04x" : " 0x%04x", f->id);
    const char *at = strstr(from, id);
    if (!at)
        return NULL;
    at += strlen(id);
    const char *operation = dso_operation_text(pinfo->pool, f, NULL), *end = behind_word(at, operation);
    if (end == at && f->response)
        end = behind_word(at, dns_rcode_find(f->rcode, f->tsig)->name);
    if (end == at && f->response)
        end = behind_word(at, place_header_rcode_name(f->rcode & 15));
    return end;
}

static char *with_slugs(const dns_finding *f, const char *slugs, packet_info *pinfo, char *text, size_t *from)
{
    const char *at = f->message ? behind_message(pinfo, text + *from, f) : text + strlen(text);
    if (!at) { /* named, lest it is taken for the message that is shown */
        slugs = wmem_strdup_printf(pinfo->pool, ", 0x%04x%s", f->id, slugs);
        at = text + strlen(text);
    } else if (f->message) {
        *from = (size_t)(at - text) + strlen(slugs);
    }
    return splice(pinfo, text, at, 0, slugs);
}

static char *with_causes(const dns_finding *findings, const display_pass *pass, packet_info *pinfo, char *text)
{
    size_t from = 0;
    for (const dns_finding *f = findings; f; f = f->more->next) {
        if (!f->more->diagnoses && !f->more->violations)
            continue;
        const char *slugs = slugs_text(f, pass, pinfo);
        if (slugs)
            text = with_slugs(f, slugs, pinfo, text, &from);
    }
    return text;
}

/* ---- both ---- */

/* Most frames have nothing to say here. */
static bool has_words(const dns_finding *findings, const display_pass *pass)
{
    for (const dns_finding *f = findings; f; f = f->more->next) {
        if (f->more == &dns_finding_nothing && !f->empty_dso && !needs_name(f)) /* nearly all */
            continue;
        if (pass->correct_dns && (wrongly_malformed(f) || needs_name(f) || is_dso(f)))
            return true;
        if (pass->cause_in_info && (f->more->diagnoses || f->more->violations))
            return true;
    }
    return false;
}

void columns_write(const dns_finding *findings, const display_pass *pass, packet_info *pinfo, proto_tree *tree)
{
    if (!has_words(findings, pass))
        return;
    bool hide = pass->correct_dns && hide_malformed(findings, tree);
    const char *now = col_get_text(pinfo->cinfo, COL_INFO);
    if (!now)
        return;
    char *text = wmem_strdup(pinfo->pool, now);
    if (pass->correct_dns)
        text = corrected(findings, pinfo, hide, text);
    if (pass->cause_in_info)
        text = with_causes(findings, pass, pinfo, text);
    if (strcmp(text, now) == 0)
        return;
    col_clear_fence(pinfo->cinfo, COL_INFO);
    col_add_str(pinfo->cinfo, COL_INFO, text);
    if (tree)
        place_set_info_field(tree, text);
}
