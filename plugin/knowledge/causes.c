/* causes.c
 * Finding a cause's row in the tables of the two families.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "knowledge.h"

const dns_cause_row *dns_cause_find(dns_cause cause)
{
    return dns_cookie_causes[cause].slug ? &dns_cookie_causes[cause] : &dns_dso_causes[cause];
}
