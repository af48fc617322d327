/* weigh.c
 * A response is weighed.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "weigh.h"

#include "claims.h"

/* All claims of the server are judged anew. */
static void judge_all(cookie_response *r)
{
    cookie_claims *c = r->server->claims;
    if (!c)
        return;
    for (unsigned i = 0; i < c->formerr_count && i < FORMERR_CASES_MAX; i++)
        cookie_judge_formerr(&c->formerr[i], r->server);
    if (c->silence.active)
        cookie_judge_silence(r->engine, &c->silence, r->server);
}

void cookie_weigh(cookie_response *r)
{
    cookie_claim_one_client(r); /* before the server's own silence, which leaves such clients out */
    cookie_claim_silence(r);
    if (r->message->rcode_known)
        cookie_claim_formerr(r);
    cookie_claim_depends(r);
    judge_all(r);
}
