/* conversations.c
 * Conversation filters: all messages of a story, or of a DSO session.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversations.h"

#include "display.h"

#include <epan/conversation_filter.h>

#include "../finding/dso_finding.h"
#include "../finding/kept.h"

static const dns_dso_session *session_of(const packet_info *pinfo)
{
    for (const dns_finding *f = dns_kept_get(pinfo->num); f; f = f->more->next)
        if (f->more->dso && f->more->dso->session)
            return f->more->dso->session;
    return NULL;
}

static const dns_episode *story_of(const packet_info *pinfo)
{
    for (const dns_finding *f = dns_kept_get(pinfo->num); f; f = f->more->next)
        if (dns_finding_story(f))
            return dns_finding_story(f);
    return NULL;
}

/* Wireshark 4.4 hands over a pointer that is not needed here. */
#if WIRESHARK_AT_LEAST(4, 4)
#define FILTER_ARGUMENTS packet_info *pinfo, void *user_data _U_
#define REGISTER_FILTER(title, applies, text) register_conversation_filter("dnsrcode", title, applies, text, NULL)
#else
#define FILTER_ARGUMENTS packet_info *pinfo
#define REGISTER_FILTER(title, applies, text) register_conversation_filter("dnsrcode", title, applies, text)
#endif

static ws_bool session_applies(FILTER_ARGUMENTS)
{
    return session_of(pinfo) != NULL;
}

static char *session_text(FILTER_ARGUMENTS)
{
    const dns_dso_session *session = session_of(pinfo);
    return session ? g_strdup_printf("dnsrcode.dso.session == %u", session->index) : NULL;
}

static ws_bool story_applies(FILTER_ARGUMENTS)
{
    return story_of(pinfo) != NULL;
}

static char *story_text(FILTER_ARGUMENTS)
{
    const dns_episode *story = story_of(pinfo);
    return story ? g_strdup_printf("dnsrcode.story == %u", story->number) : NULL;
}

void conversations_register(void)
{
    REGISTER_FILTER("DNS story", story_applies, story_text);
    REGISTER_FILTER("DSO session", session_applies, session_text);
}
