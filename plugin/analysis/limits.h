/* limits.h
 * The sizes of bounded tables, and how tests make them small.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a full table forgets is where memory errors hide, and a fuzzer never sends 65,536 clients: it is built with
 * DNSRCODE_SMALL_TABLES as well, so that a few messages fill every table.
 */
#ifndef DNSRCODE_LIMITS_H
#define DNSRCODE_LIMITS_H

#ifdef DNSRCODE_SMALL_TABLES
#define DNS_LIMIT(normal, small) (small)
#else
#define DNS_LIMIT(normal, small) (normal)
#endif

#endif
