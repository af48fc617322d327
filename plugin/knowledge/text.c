/* text.c
 * Filling the slots of a text with the facts of a finding.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include <inttypes.h>
#include <stdio.h>

#include <wsutil/inet_addr.h>

#include "knowledge.h"
#include "types.h"

/* A bounded writer: counts what the whole text needs, writes what fits. */
typedef struct {
    char *to;
    size_t size, length;
} writer;

static void put(writer *w, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++, w->length++)
        if (w->length + 1 < w->size)
            w->to[w->length] = text[i];
}

static size_t finish(writer *w)
{
    if (w->size)
        w->to[w->length < w->size ? w->length : w->size - 1] = '\0';
    return w->length;
}

size_t dns_text_duration(char *to, size_t size, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    uint64_t rest = seconds < 0 ? 0u - (uint64_t)seconds : (uint64_t)seconds;
    char text[64];
    int length = 0, used = 0;
    for (size_t i = 0; i < 4 && used < 2; i++) {
        uint64_t value = rest / (uint64_t)units[i].seconds;
        if (!value && !(i == 3 && !used)) {
            used += used > 0; /* "1 h" rather than "1 h 3 s" */
            continue;
        }
        rest %= (uint64_t)units[i].seconds;
        length += snprintf(text + length, sizeof text - (size_t)length, "%s%" PRIu64 " %s", used ? " " : "", value,
                           units[i].name);
        used++;
        if (!rest)
            break;
    }
    writer w = {to, size, 0};
    put(&w, text, (size_t)length);
    return finish(&w);
}

size_t dns_text_timer(char *to, size_t size, uint32_t milliseconds)
{
    if (milliseconds == UINT32_MAX)
        return (size_t)snprintf(to, size, "infinite");
    if (milliseconds % 1000)
        return milliseconds < 1000 ? (size_t)snprintf(to, size, "%u ms", milliseconds)
                                   : (size_t)snprintf(to, size, "%u.%03u s", milliseconds / 1000, milliseconds % 1000);
    return dns_text_duration(to, size, milliseconds / 1000);
}

size_t dns_text_waited(char *to, size_t size, int64_t milliseconds)
{
    enum { TENTH = 100, WITH_TENTHS = 10000 };
    if (milliseconds < TENTH)
        return (size_t)snprintf(to, size, "less than 0.1 s");
    if (milliseconds < WITH_TENTHS)
        return (size_t)snprintf(to, size, "%u.%u s", (unsigned)milliseconds / 1000,
                                (unsigned)milliseconds % 1000 / TENTH);
    return dns_text_duration(to, size, milliseconds / 1000);
}

size_t dns_text_endpoint(char *to, size_t size, const dns_endpoint *e)
{
    char text[WS_INET6_ADDRSTRLEN] = "?";
    bool v6 = e->address.length == 16;
    if (e->address.length)
        (v6 ? ws_inet_ntop6 : ws_inet_ntop4)(e->address.bytes, text, sizeof text);
    if (!e->port)
        return (size_t)snprintf(to, size, "%s", text);
    return (size_t)snprintf(to, size, v6 ? "[%s]:%u" : "%s:%u", text, e->port);
}

static size_t hex(char *to, size_t size, const dns_facts *f)
{
    writer w = {to, size, 0};
    for (unsigned i = 0; i < f->hex_length; i++) {
        char two[3];
        snprintf(two, sizeof two, "%02x", f->hex[i]);
        put(&w, two, 2);
    }
    return finish(&w);
}

static bool is_slot(const char *slot, size_t n, const char *name)
{
    return strlen(name) == n && strncmp(slot, name, n) == 0;
}

/* Near the limits of RFC 9018 section 4.3 each second counts. */
static void age(char *to, size_t size, int64_t seconds)
{
    uint64_t n = seconds < 0 ? 0u - (uint64_t)seconds : (uint64_t)seconds;
    bool near_limit = (n >= 290 && n <= 310) || (n >= 3590 && n <= 3660);
    if (!n)
        snprintf(to, size, "less than a second");
    else if (near_limit)
        snprintf(to, size, "%" PRIu64 " s", n);
    else
        dns_text_duration(to, size, seconds);
}

/* The slots that a mask has other names for; false when it is none of them. */
static bool masked_value(char *to, size_t size, const char *slot, size_t n, const dns_facts *f,
                         const dns_text_mask *mask)
{
    const char *value = NULL;
    if (mask && is_slot(slot, n, "address"))
        value = mask->address(mask->data, &f->address);
    else if (mask && is_slot(slot, n, "name") && f->name)
        value = mask->name(mask->data, f->name);
    if (value)
        snprintf(to, size, "%s", value);
    return value != NULL;
}

/* The value of a slot into `to`; false when there is no such slot. */
static bool slot_value(char *to, size_t size, const char *slot, size_t n, const dns_facts *f)
{
    const struct {
        const char *name;
        uint32_t value;
    } numbers[] = {{"frame", f->frame}, {"other", f->other}, {"n", f->n}, {"m", f->m}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (is_slot(slot, n, numbers[i].name)) {
            snprintf(to, size, "%u", numbers[i].value);
            return true;
        }
    if (is_slot(slot, n, "age"))
        age(to, size, f->age);
    else if (is_slot(slot, n, "ahead"))
        snprintf(to, size, "%s", f->age > 0 ? "ahead of" : "behind");
    else if (is_slot(slot, n, "byte"))
        snprintf(to, size, "0x%02x", f->m);
    else if (is_slot(slot, n, "timer"))
        dns_text_timer(to, size, f->timer);
    else if (is_slot(slot, n, "waited"))
        dns_text_waited(to, size, f->waited);
    else if (is_slot(slot, n, "id"))
        snprintf(to, size, "0x%04x", f->n);
    else if (is_slot(slot, n, "type") && f->untyped)
        snprintf(to, size, "no readable TLV");
    else if (is_slot(slot, n, "type"))
        dso_type_text(to, size, f->type);
    else if (is_slot(slot, n, "rcode"))
        snprintf(to, size, "%s", dns_rcode_find(f->rcode, false)->name);
    else if (is_slot(slot, n, "address"))
        dns_text_endpoint(to, size, &f->address);
    else if (is_slot(slot, n, "name"))
        snprintf(to, size, "%s", f->name ? f->name : "");
    else if (is_slot(slot, n, "bytes"))
        snprintf(to, size, f->n == 1 ? "%u byte" : "%u bytes", f->n);
    else if (is_slot(slot, n, "times"))
        snprintf(to, size, f->n == 1 ? "once" : "%u times", f->n);
    else if (is_slot(slot, n, "hex"))
        hex(to, size, f);
    else
        return false;
    return true;
}

bool dns_text_applies(const char *text, const dns_facts *facts)
{
    const struct {
        const char *slot;
        bool known;
    } needed[] = {{"{frame}", facts->frame != 0},
                  {"{other}", facts->other != 0},
                  {"{name}", facts->name != NULL},
                  {"{hex}", facts->hex != NULL},
                  {"{address}", facts->address.address.length != 0}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].known && strstr(text, needed[i].slot))
            return false;
    return *text != '\0';
}

size_t dns_text_render_masked(char *to, size_t size, const char *text, const dns_facts *facts,
                              const dns_text_mask *mask)
{
    writer w = {to, size, 0};
    char value[1100]; /* the longest: an escaped domain name */
    while (*text) {
        const char *close = *text == '{' ? strchr(text, '}') : NULL;
        size_t slot = close ? (size_t)(close - text - 1) : 0;
        if (close && (masked_value(value, sizeof value, text + 1, slot, facts, mask) ||
                      slot_value(value, sizeof value, text + 1, slot, facts))) {
            put(&w, value, strlen(value));
            text = close + 1;
        } else {
            put(&w, text++, 1);
        }
    }
    return finish(&w);
}

size_t dns_text_render(char *to, size_t size, const char *text, const dns_facts *facts)
{
    return dns_text_render_masked(to, size, text, facts, NULL);
}

unsigned dns_text_frames(const char *text, const dns_facts *facts, uint32_t frames[2])
{
    unsigned count = 0;
    if (strstr(text, "{frame}"))
        frames[count++] = facts->frame;
    if (strstr(text, "{other}"))
        frames[count++] = facts->other;
    return count;
}
