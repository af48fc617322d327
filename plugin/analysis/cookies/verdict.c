/* verdict.c
 * A cookie of its own refused: nodes with different secrets, one change of the secret, or a server that accepts none?
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All refusals of one server are one claim. What speaks for which ruling:
 *
 *   one moment explains all refusals, and cookies issued since hold    the secret changed
 *   no single moment does: accepted and refused alternate             several secrets, or several client addresses
 *   nothing is ever accepted, and no two cookies are alike            the server accepts none
 */
#include "verdict.h"

/* OTHERS_MIN: of two nodes in turn, one accepts a single cookie as often as not. */
enum { RANDOM_MIN = 2, REFUSED_MIN = 2, OTHERS_MIN = 4 };

/* What the capture favours, for the reader who has to choose where to look first. */
static void favour(const cookie_server *s, dns_ruling *r)
{
    dns_facts count = {.n = s->rejection_count};
    if (s->voices_back || (s->voices_other && s->accepted_count))
        dns_ruling_evidence(r, EVIDENCE_VOICES, (dns_facts){.frame = s->voices_frame, .other = s->voices_other_frame});
    else if (s->rejection_count >= REFUSED_MIN && !s->accepted_count && !s->voices_other)
        dns_ruling_evidence(r, EVIDENCE_ACCEPTS_NONE, count);
    if (s->several_clients)
        dns_ruling_evidence(r, EVIDENCE_SEVERAL_CLIENTS, count);
    else
        dns_ruling_frame(r, EVIDENCE_ONLY_THIS_CLIENT, s->accepted_other_meanwhile);
    dns_ruling_frame(r, EVIDENCE_ACCEPTED_OVER_TCP, s->accepted_over_stream);
}

/* Restarts would have hit the others as well. */
static bool concerns_one_client(const cookie_server *s)
{
    enum { REFUSALS_MIN = 3 };
    return s->accepted_other_meanwhile && !s->several_clients && s->rejection_count >= REFUSALS_MIN;
}

void cookie_settle(cookie_server *s)
{
    if (!s->own)
        return;
    dns_ruling r = {0};
    bool changed_once = !s->again && (s->held > 0 || s->epochs > 0);
    bool random = !s->accepted_count && s->voices_other >= RANDOM_MIN && !s->voices_back;
    r.cause = changed_once                                  ? CAUSE_SERVER_SECRET_CHANGED
              : random && s->rejection_count >= REFUSED_MIN ? CAUSE_NO_COOKIE_ACCEPTED
                                                            : CAUSE_OWN_COOKIE_REJECTED;
    bool side_by_side = s->side_by_side || s->voices_other || s->voices_back || concerns_one_client(s);
    bool certain = s->again && side_by_side;
    r.confidence = certain ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    r.open = !certain;
    r.once = s->rejection_count == 1 && !s->voices_other && !s->voices_back && !s->refused_what_it_makes;
    r.counts = true;
    r.n = s->rejection_count;
    r.m = s->accepted_count;
    if (!changed_once)
        favour(s, &r);
    if (s->again && !side_by_side && !s->refused_what_it_makes) /* another secret would have made another cookie */
        dns_ruling_evidence(&r, s->returns ? EVIDENCE_PERHAPS_UNDONE : EVIDENCE_PERHAPS_RESTARTS, (dns_facts){0});
    dns_claim_rule(s->own, &r);
}

/* The secret changed before, its new cookies held again and again, and now one of those is refused: restarted or rolled
 * over another time. Nodes in turn do not accept so many in a row, and give themselves away by what they make in one second. */
static bool another_change(const cookie_server *server, const cookie_issued *own)
{
    enum { HELD_MIN = 3 };
    return !server->again && server->held >= HELD_MIN && own->time >= server->moment_high && !server->voices_other &&
           !server->voices_back;
}

/* Narrows the moment at which the server's mind changed; when no single moment explains all, it is
 * no single change. */
static void note_moment(cookie_server *s, const cookie_issued *own, int64_t rejected)
{
    if (s->rejection_count == 1) {
        s->moment_low = own->time;
        s->moment_high = rejected;
    } else if (another_change(s, own)) {
        s->epochs++;
        s->held = 0;
        s->moment_low = own->time;
        s->moment_high = rejected;
    } else {
        s->moment_low = MAX(s->moment_low, own->time);
        s->moment_high = MIN(s->moment_high, rejected);
        bool newer = s->moment_low >= s->moment_high;
        s->again |= newer;
        s->side_by_side |= newer && s->accepted_count == s->accepted_before;
    }
    s->accepted_before = s->accepted_count;
    s->refused_last = rejected;
    s->returned = false;
}

static dns_claim *claim_of(cookie_response *r, dns_claim **place)
{
    if (!*place) {
        *place = wmem_new(r->engine->scope, dns_claim);
        dns_claim_init(*place, r->engine->scope);
    }
    return *place;
}

dns_diagnosis *cookie_claim_rejected(cookie_response *r, cookie_server *s, const cookie_issued *own, dns_facts facts,
                                     const dns_claim_evidence *evidence, unsigned count)
{
    if (cookie_other_format_given(r)) {
        dns_ruling mixed = {0};
        mixed.cause = CAUSE_MIXED_COOKIE_FORMATS;
        mixed.confidence = CONFIDENCE_OBSERVED;
        s->refused_other_make = true;
        dns_claim_rule(claim_of(r, &s->mixed), &mixed);
        return dns_claim_join(s->mixed, r->finding, facts, evidence, count);
    }
    if (!s->rejection_count++)
        s->first_client = r->query->client.address;
    s->several_clients |= !dns_address_equal(&r->query->client.address, &s->first_client);
    if (s->accepted_others >= OTHERS_MIN)
        s->accepted_other_meanwhile = s->accepted_other_client_frame;
    note_moment(s, own, r->packet->time);
    dns_diagnosis *d = dns_claim_join(claim_of(r, &s->own), r->finding, facts, evidence, count);
    cookie_settle(s);
    return d;
}

/* An older cookie than one that was refused holds after that. Once, the secret may have been changed, and changed back. */
static void note_return(cookie_server *s)
{
    enum { RETURNS_MIN = 2 };
    s->again = true;
    s->returns += !s->returned;
    s->returned = true;
    s->side_by_side |= s->returns >= RETURNS_MIN;
}

void cookie_note_accepted(cookie_server *server, const cookie_issued *issued, const dns_packet *p,
                          const dns_address *client)
{
    if (!dns_transport_is_datagram(p->transport)) {
        server->accepted_over_stream = p->frame;
        return;
    }
    server->accepted_count++;
    if (!server->rejection_count)
        return;
    /* Issued before a refusal and good after it: what refused the one did not change for the other. */
    if (!dns_address_equal(client, &server->first_client) && issued->time < server->refused_last) {
        server->accepted_other_client_frame = p->frame;
        server->accepted_others++;
    }
    if (issued->time >= server->moment_high)
        server->held++;
    else if (issued->time <= server->moment_low && p->time >= server->moment_high)
        note_return(server);
    cookie_settle(server);
}
