/* preferences.h
 * What users can set (a public contract, see README).
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_PREFERENCES_H
#define DNSRCODE_PREFERENCES_H

#include "compat.h"

#include "analysis/secrets.h"

typedef struct {
    ws_bool correct_dns, cause_in_info;
    int message_source; /* source_choice */
} dnsrcode_preferences;

extern dnsrcode_preferences preferences;

/* Registers preferences and the table of secrets with the protocol. Once. */
void preferences_register(int protocol);

/* The configured secrets; the same object for the life of the process. They are for computing only: no
 * function prints them. */
const dns_secrets *preferences_secrets(void);

#endif
