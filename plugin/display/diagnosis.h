/* diagnosis.h
 * Causes and broken rules in the details: what is wrong, how it ended, what to do, what it is told from.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_DISPLAY_DIAGNOSIS_H
#define DNSRCODE_DISPLAY_DIAGNOSIS_H

#include "view.h"

void display_diagnoses(display_view *view);

/* RFC sections of the causes and rules, for the background. */
void display_diagnosis_references(display_view *view, proto_tree *tree);

#endif
