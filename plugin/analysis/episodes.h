/* episodes.h
 * Troubles that may still be overcome: from a bad response to the end of the story.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A retry is a new query, with a new ID and often a new port: it is known by server, question
 * and client cookie (whatever its address: NAT may change it), or, without a COOKIE, by client
 * address, server and question (the latest story there). Memory: at most 16,384 open episodes; one is closed ten
 * seconds after its last frame. The dns_episode itself stays with the findings.
 */
#ifndef DNSRCODE_EPISODES_H
#define DNSRCODE_EPISODES_H

#include "transactions.h"

typedef struct dns_episodes dns_episodes;

dns_episodes *dns_episodes_new(wmem_allocator_t *scope);

/* A query: notes it as the retry of what it retries, if that is open. */
void dns_episodes_query(dns_episodes *episodes, const dns_query *query);

/* A bad response to `query`: opens an episode or continues the open one; where the query was sent before an answer ended the
 * story of its question, it belongs to that. Never NULL. */
dns_episode *dns_episodes_bad(dns_episodes *episodes, const dns_query *query, const dns_packet *packet);

/* Any other response to `query`: ends the open episode, if there is one. Returns it or NULL. */
dns_episode *dns_episodes_answered(dns_episodes *episodes, const dns_query *query, const dns_packet *packet,
                                   const dns_finding *response);

/* A response to `query` that the client should discard (RFC 7873 section 5.3), and that says nothing bad by itself: opens or
 * continues an episode. Never NULL. */
dns_episode *dns_episodes_doubtful(dns_episodes *episodes, const dns_query *query, const dns_packet *packet,
                                   const dns_finding *response);

/* `packet` tells SERVFAIL for this question, to a client of its sender: the stories that the sender had about it are over. */
void dns_episodes_servfail(dns_episodes *episodes, const dns_packet *packet, uint32_t question_hash);

#endif
