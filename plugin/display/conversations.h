/* conversations.h
 * Conversation filters: "DNS story" and "DSO session".
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_CONVERSATIONS_H
#define DNSRCODE_CONVERSATIONS_H

/* Once, with the protocol. */
void conversations_register(void);

#endif
