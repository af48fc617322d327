/* contacts.h
 * First contacts, and clients that never get beyond them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * BADCOOKIE to a query with a client cookie only is a first contact, and normal. When a client goes on like that, with a new
 * client cookie each time, it looks like many first contacts; that it never uses what it gets shows when it has got the
 * responses for sure (each query follows the answer to the one before) and all its lookups fail. All first contacts of such
 * a client are one claim, which is settled as soon as it presents a server cookie or gets an answer.
 */
#ifndef DNSRCODE_COOKIE_CONTACTS_H
#define DNSRCODE_COOKIE_CONTACTS_H

#include "response.h"

/* A query with COOKIE over UDP, sent for the first time. */
void cookie_contacts_query(cookie_pair *pair, const dns_query *query, bool server_cookie);

/* The first response to a query with COOKIE. */
void cookie_contacts_answer(cookie_pair *pair, bool badcookie);

/* Adds the diagnosis of a first contact. */
dns_diagnosis *cookie_contacts_add(cookie_response *r, const dns_claim_evidence *evidence, unsigned count);

#endif
