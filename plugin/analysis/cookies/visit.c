/* visit.c
 * A client that came once, in little room.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "visit.h"

static bool issued_once(const cookie_exchange *e)
{
    const cookie_issued *i = e->last_issued;
    if (!i || e->issued_count != 1 || i->length != COOKIE_USUAL_LENGTH)
        return false;
    int64_t waited = i->time - e->last_time;
    return i->indexed && !i->same && !i->followed && !i->presented && i->last_frame == i->frame && waited >= 0 &&
           waited <= UINT32_MAX;
}

static bool asked_once(const cookie_exchange *e)
{
    return !e->use && e->first_frame && !e->rejected && !e->presented_last && !e->resent && !e->never_learns &&
           (!e->presented_frame || e->presented_frame == e->first_frame);
}

/* Its query was counted where it brought no server cookie, and nowhere else. */
static bool counted_once(const cookie_unlearned *u, const cookie_exchange *e)
{
    if (e->presented_frame)
        return !u;
    bool plain = u && u->plain_answer_frame == e->last_issued->frame && u->plain_answer_time == e->last_issued->time;
    return u && u->query_count == 1 && u->query_times[0] == e->last_time && (plain || !u->plain_answer_frame);
}

static bool came_once(const cookie_pair *p, const cookie_exchange *e)
{
    uint32_t answer = e->last_issued->frame;
    bool with = e->presented_frame != 0;
    return p->exchanges.count == 1 && !p->forgot && p->answered && p->used == with && !p->lock_step && !p->waiting &&
           !p->contacts && !p->truncated && p->cookie_frame == answer && p->heard[with] == answer && !p->heard[!with] &&
           p->last_query == e->last_time && p->last_question == e->last_question && counted_once(p->unlearned, e);
}

bool cookie_visit_fits(const cookie_exchange *e)
{
    return asked_once(e) && issued_once(e) && came_once(e->pair, e);
}

void cookie_visit_fold(cookie_visit *v, const cookie_exchange *e)
{
    const cookie_issued *i = e->last_issued;
    const cookie_unlearned *u = e->pair->unlearned;
    v->caller.hash = e->pair->caller.hash;
    v->caller.visit = true;
    v->server = e->pair->server;
    v->asked = e->last_time;
    v->waited = (uint32_t)(i->time - e->last_time);
    v->asked_frame = e->first_frame;
    v->answer_frame = i->frame;
    v->question = e->last_question;
    v->message = e->first_message;
    v->cookie = e->last_cookie;
    v->client = e->pair->client;
    v->server_cookie = e->presented_frame != 0;
    v->plain_answer = u && u->plain_answer_frame;
    memcpy(v->client_cookie, e->client_cookie, sizeof v->client_cookie);
    memcpy(v->issued, i->bytes, sizeof v->issued);
}

static void unfold_pair(const cookie_visit *v, cookie_pair *p)
{
    p->caller.hash = v->caller.hash;
    p->client = v->client;
    p->server = v->server;
    p->answered = true;
    p->used = v->server_cookie;
    p->last_question = v->question;
    p->last_query = v->asked;
    p->cookie_frame = p->heard[v->server_cookie] = v->answer_frame;
}

static void unfold_exchange(const cookie_visit *v, cookie_exchange *e)
{
    memcpy(e->client_cookie, v->client_cookie, sizeof e->client_cookie);
    e->first_frame = v->asked_frame;
    e->first_message = v->message;
    e->last_question = v->question;
    e->last_cookie = v->cookie;
    e->last_time = v->asked;
    e->issued_count = 1;
    e->presented_frame = v->server_cookie ? v->asked_frame : 0;
}

static void unfold_issued(const cookie_visit *v, cookie_issued *i)
{
    i->time = v->asked + v->waited;
    i->frame = i->last_frame = v->answer_frame;
    i->indexed = true;
    i->length = sizeof v->issued;
    memcpy(i->bytes, v->issued, sizeof v->issued);
}

void cookie_visit_unfold(const cookie_visit *v, const cookie_whole *whole)
{
    unfold_pair(v, whole->pair);
    unfold_exchange(v, whole->exchange);
    unfold_issued(v, whole->issued);
    whole->exchange->pair = whole->pair;
    whole->exchange->last_issued = whole->issued;
    whole->issued->exchange = whole->exchange;
    whole->pair->unlearned = whole->unlearned;
    if (whole->unlearned)
        *whole->unlearned = cookie_visit_unlearned(v);
}

cookie_unlearned cookie_visit_unlearned(const cookie_visit *v)
{
    cookie_unlearned u = {0};
    if (v->server_cookie)
        return u;
    u.query_times[0] = v->asked;
    u.query_count = 1;
    if (v->plain_answer) {
        u.plain_answer_frame = v->answer_frame;
        u.plain_answer_time = v->asked + v->waited;
    }
    return u;
}
