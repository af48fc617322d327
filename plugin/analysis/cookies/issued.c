/* issued.c
 * What the cookies that a server issues say about it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "issued.h"

#include "verdict.h"

/* A condition that lasts is an entry of the expert panel once; later messages only carry the field. */
static void mark_repetition(dns_diagnosis *d, bool *reported)
{
    d->repetition = *reported;
    *reported = true;
}

/* ---- how they are made ---- */

static cookie_make *find_make(cookie_server *s, bool rfc9018, uint8_t length)
{
    for (unsigned i = 0; i < s->make_count; i++)
        if (s->makes[i].rfc9018 == rfc9018 && s->makes[i].length == length)
            return &s->makes[i];
    return NULL;
}

/* Another make once is other software behind the address; one that comes back is several of them at a time. */
static void note_make(cookie_response *r, cookie_server *s, bool rfc9018, uint8_t length)
{
    cookie_make *make = find_make(s, rfc9018, length);
    bool returns = make && make != &s->makes[s->make_now];
    if (!make && s->make_count < MAKES_MAX) {
        make = &s->makes[s->make_count++];
        *make = (cookie_make){.rfc9018 = rfc9018, .length = length};
    }
    if (!make)
        return;
    if (returns && !dns_find_diagnosis(r->finding, CAUSE_MIXED_COOKIE_FORMATS)) {
        uint32_t before = s->makes[s->make_now].last_frame;
        dns_facts facts = {.frame = r->packet->frame, .other = before, .address = r->query->server};
        dns_diagnosis *d = cookie_diagnose(r, CAUSE_MIXED_COOKIE_FORMATS, CONFIDENCE_OBSERVED, facts);
        cookie_evidence(r, d, EVIDENCE_MAKE_RETURNS, (dns_facts){.frame = make->last_frame, .other = before});
        s->mixed_reported |=
            s->refused_other_make; /* where cookies were refused for it, those refusals are the entries */
        mark_repetition(d, &s->mixed_reported);
    }
    s->make_now = (unsigned)(make - s->makes);
    make->last_frame = r->packet->frame;
}

/* ---- the clock ---- */

/* Whole seconds and the way of the response. */
enum { SAME_SKEW = 3 };

static void compare_skew(cookie_response *r, dns_diagnosis *d, int64_t ahead)
{
    cookie_skew *other = &r->engine->skew;
    bool another = other->frame && !dns_endpoint_equal(&other->server, &r->server->endpoint);
    if (another && ahead - other->ahead <= SAME_SKEW && other->ahead - ahead <= SAME_SKEW)
        cookie_evidence(r, d, EVIDENCE_OTHER_SERVER_OFF,
                        (dns_facts){.frame = other->frame, .address = {other->server.address, 0}});
    if (!other->frame)
        *other = (cookie_skew){r->packet->frame, ahead, r->server->endpoint};
}

/* The stamp of a cookie that was made just now, against the capture's clock. */
static void note_clock(cookie_response *r, cookie_server *s, const uint8_t *bytes)
{
    int64_t ahead = -(int64_t)dns_cookie_age(dns_cookie_timestamp(bytes), r->packet->time);
    bool off = ahead > COOKIE_MAX_AHEAD || ahead < -COOKIE_MAX_AHEAD;
    if (!off) {
        s->clock_right_frame = r->packet->frame;
        return;
    }
    if (r->engine->clock_stepped)
        return;
    dns_facts facts = {.frame = r->packet->frame, .age = ahead, .address = r->query->server};
    dns_confidence confidence = s->clock_right_frame ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    dns_diagnosis *d = cookie_diagnose(r, CAUSE_SERVER_CLOCK_SKEW, confidence, facts);
    cookie_evidence(r, d, ahead > 0 ? EVIDENCE_FRESH_AHEAD : EVIDENCE_FRESH_BEHIND, facts);
    if (s->clock_right_frame)
        cookie_evidence(r, d, EVIDENCE_CLOCK_RIGHT, (dns_facts){.frame = s->clock_right_frame});
    else
        compare_skew(r, d, ahead);
    mark_repetition(d, ahead > 0 ? &s->skew_ahead_reported : &s->skew_behind_reported);
}

/* ---- how many voices ---- */

/* A cookie of RFC 9018 follows from client cookie, time, client address and secret: two that differ in the hash alone were
 * made with two secrets, or for two addresses. */
static void note_voice(cookie_response *r, cookie_server *s, const cookie_exchange *e, const uint8_t *issued)
{
    enum { MADE_FROM = 8 }; /* version, reserved and timestamp; then the hash */
    const cookie_issued *other = NULL;
    bool same = false;
    for (const cookie_issued *old = e->last_issued; old; old = old->older) {
        if (old->length != COOKIE_RFC9018_LENGTH || memcmp(old->bytes, issued, MADE_FROM) != 0)
            continue;
        if (memcmp(old->bytes, issued, COOKIE_RFC9018_LENGTH) == 0)
            same = true;
        else if (!other || old->frame > other->frame)
            other = old;
    }
    const cookie_issued *last = e->last_issued;
    bool repeated = last && last->length == COOKIE_RFC9018_LENGTH && memcmp(last->bytes, issued, last->length) == 0;
    if (!other || repeated)
        return;
    s->voices_back += same;
    s->voices_other += !same;
    s->voices_frame = other->frame;
    s->voices_other_frame = r->packet->frame;
    cookie_settle(s);
}

void cookie_note_issued(cookie_response *r, cookie_exchange *e, const uint8_t *issued, uint8_t length)
{
    cookie_server *s = e->pair->server;
    cookie_format format = dns_cookie_format(issued, length, r->packet->time);
    /* A random first byte is 1 now and then; whoever makes RFC 9018 cookies sets the reserved bytes to zero. */
    if (format == COOKIE_FORMAT_RFC9018 && dns_cookie_has_reserved(issued))
        format = COOKIE_FORMAT_OTHER_TIME;
    bool unchanged = r->asked && dns_cookie_server_length(r->asked) == length &&
                     memcmp(dns_cookie_server(r->asked), issued, length) == 0;
    if (unchanged)
        return;
    note_make(r, s, format == COOKIE_FORMAT_RFC9018, length);
    if (format != COOKIE_FORMAT_RFC9018)
        return;
    note_clock(r, s, issued);
    note_voice(r, s, e, issued);
}
