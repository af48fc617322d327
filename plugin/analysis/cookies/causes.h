/* causes.h
 * The causes of a BADCOOKIE, one function each: the diagnosis added to the response, or NULL when its evidence is not there.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COOKIE_CAUSES_H
#define DNSRCODE_COOKIE_CAUSES_H

#include "response.h"

typedef dns_diagnosis *(*cookie_cause_rule)(cookie_response *r);

/* causes_by_bytes.c */
dns_diagnosis *cookie_cause_over_stream(cookie_response *r);
dns_diagnosis *cookie_cause_query_unreadable(cookie_response *r);
dns_diagnosis *cookie_cause_no_cookie(cookie_response *r);
dns_diagnosis *cookie_cause_malformed(cookie_response *r);
dns_diagnosis *cookie_cause_several_cookies(cookie_response *r);
dns_diagnosis *cookie_cause_without_cookie(cookie_response *r);

/* rate_limit.c */
dns_diagnosis *cookie_cause_rate_limit(cookie_response *r);

/* causes_client_only.c */
dns_diagnosis *cookie_cause_not_learned_client_only(cookie_response *r);
dns_diagnosis *cookie_cause_first_contact(cookie_response *r);

/* causes_own.c */
dns_diagnosis *cookie_cause_not_learned_old_cookie(cookie_response *r);
dns_diagnosis *cookie_cause_stale(cookie_response *r);
dns_diagnosis *cookie_cause_future(cookie_response *r);
dns_diagnosis *cookie_cause_superseded(cookie_response *r);
dns_diagnosis *cookie_cause_own_rejected(cookie_response *r);

/* causes_foreign.c */
dns_diagnosis *cookie_cause_altered(cookie_response *r);
dns_diagnosis *cookie_cause_issued_elsewhere(cookie_response *r);
dns_diagnosis *cookie_cause_verified_elsewhere(cookie_response *r);
dns_diagnosis *cookie_cause_unknown_format(cookie_response *r);
dns_diagnosis *cookie_cause_reserved_bytes(cookie_response *r);
dns_diagnosis *cookie_cause_forged(cookie_response *r);
dns_diagnosis *cookie_cause_good_cookie_rejected(cookie_response *r);
dns_diagnosis *cookie_cause_not_seen(cookie_response *r);

#endif
