/* verdict.c
 * A cookie of its own refused: nodes with different secrets, or one change of the secret?
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict.h"

/* All rejections of one server get the verdict that its whole history carries. */
void cookie_settle(cookie_server *server)
{
    unsigned kept = server->rejection_count < REJECTIONS_MAX ? server->rejection_count : REJECTIONS_MAX;
    bool changed_once = !server->again && (server->held > 0 || server->epochs > 0);
    cookie_verdict verdict = changed_once ? VERDICT_CHANGED : server->again ? VERDICT_ALTERNATES : VERDICT_OPEN;
    for (cookie_settled *s = verdict != server->verdict ? server->older : NULL; s; s = s->next) {
        s->diagnosis->cause = changed_once ? CAUSE_SERVER_SECRET_CHANGED : CAUSE_OWN_COOKIE_REJECTED;
        s->diagnosis->confidence = verdict == VERDICT_ALTERNATES ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    }
    server->verdict = verdict;
    for (unsigned i = 0; i < kept; i++) {
        dns_diagnosis *d = server->rejections[i].diagnosis;
        d->facts.n = server->rejection_count;
        d->facts.m = server->accepted_count;
        if (server->rejections[i].other_format && server->format_switches >= 2) {
            d->cause = CAUSE_MIXED_COOKIE_FORMATS;
            d->confidence = CONFIDENCE_OBSERVED;
            continue;
        }
        d->cause = changed_once ? CAUSE_SERVER_SECRET_CHANGED : CAUSE_OWN_COOKIE_REJECTED;
        d->confidence = changed_once ? CONFIDENCE_INFERRED : server->again ? CONFIDENCE_OBSERVED : CONFIDENCE_INFERRED;
    }
}

/* The secret changed before, its new cookies held again and again, and now one of those is refused: restarted or rolled
 * over another time. Nodes in turn do not accept so many in a row. */
static bool another_change(const cookie_server *server, const cookie_issued *own, int64_t now)
{
    enum { HELD_MIN = 8 };
    return !server->again && server->held >= HELD_MIN && own->time >= server->moment_high &&
           now - server->moment_high >= dns_seconds(60);
}

/* Narrows the moment at which the server's mind changed; when no single moment explains all, it is
 * no single change. */
void cookie_note_rejected(cookie_response *r, cookie_server *server, const cookie_issued *own, dns_diagnosis *d)
{
    if (!server->rejections)
        server->rejections = wmem_alloc0_array(r->engine->scope, cookie_rejection, REJECTIONS_MAX);
    cookie_rejection *slot = &server->rejections[server->rejection_count++ % REJECTIONS_MAX];
    if (slot->diagnosis && !slot->other_format) {
        cookie_settled *older = wmem_new(r->engine->scope, cookie_settled);
        *older = (cookie_settled){server->older, slot->diagnosis};
        server->older = older;
    }
    *slot = (cookie_rejection){own->time, r->packet->time, r->query->client.address, d, cookie_other_format_given(r)};
    server->refused_other_format |= slot->other_format;
    if (server->rejection_count == 1) {
        server->moment_low = own->time;
        server->moment_high = r->packet->time;
    } else if (another_change(server, own, r->packet->time)) {
        server->epochs++;
        server->held = 0;
        server->moment_low = own->time;
        server->moment_high = r->packet->time;
    } else {
        server->several_clients |= !dns_address_equal(&slot->client, &server->rejections[0].client);
        if (own->time > server->moment_low)
            server->moment_low = own->time;
        if (r->packet->time < server->moment_high)
            server->moment_high = r->packet->time;
        server->again |= server->moment_low >= server->moment_high;
    }
}

void cookie_note_accepted(cookie_server *server, const cookie_issued *issued, const dns_packet *p,
                          const dns_address *client)
{
    server->accepted_count++;
    if (!server->rejection_count)
        return;
    if (!dns_address_equal(client, &server->rejections[0].client))
        server->accepted_other_client_frame = p->frame;
    if (issued->time >= server->moment_high)
        server->held++;
    else if (issued->time <= server->moment_low && p->time >= server->moment_high)
        server->again = true; /* accepted across the moment: refused and accepted alternate */
    cookie_settle(server);
}
