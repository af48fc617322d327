/* finding.c
 * What a finding says by itself: outcome and severity.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "finding.h"

/* A client that has not asked again after this long has given up (cookies.md, "Outcome"). */
static const int64_t give_up_after = INT64_C(10) * 1000000000;

const dns_finding_more dns_finding_nothing;

dns_finding_more *dns_finding_extend(wmem_allocator_t *scope, dns_finding *finding)
{
    if (finding->more == &dns_finding_nothing)
        finding->more = wmem_new0(scope, dns_finding_more);
    return (dns_finding_more *)(uintptr_t)finding->more;
}

dns_outcome dns_diagnosis_outcome(const dns_diagnosis *diagnosis, int64_t last_time, bool complete)
{
    const dns_episode *e = diagnosis->episode;
    if (!e)
        return OUTCOME_NONE;
    if (e->decided != OUTCOME_NONE)
        return e->decided;
    if (!complete)
        return OUTCOME_NONE;
    if (e->dso)
        return OUTCOME_CAPTURE_ENDS;
    bool waited = last_time - e->last_time > give_up_after;
    if (e->retry_frame > e->last_frame) /* asked again, and no answer since */
        return waited ? OUTCOME_UNRESOLVED : OUTCOME_CAPTURE_ENDS;
    if (e->last_frame > diagnosis->frame)
        return OUTCOME_REPEATED;
    return waited ? OUTCOME_GAVE_UP : OUTCOME_CAPTURE_ENDS;
}

uint32_t dns_diagnosis_resolved_in(const dns_diagnosis *diagnosis, dns_outcome outcome)
{
    const dns_episode *e = diagnosis->episode;
    if (e->dso)
        return e->brought_in;
    return dns_outcome_find(outcome)->good ? e->end_frame : 0;
}

const char *dns_diagnosis_summary(const dns_diagnosis *diagnosis)
{
    const dns_cause_row *row = dns_cause_find(diagnosis->cause);
    return diagnosis->mild && row->mild_summary ? row->mild_summary : row->summary;
}

const char *dns_diagnosis_text(const dns_diagnosis *diagnosis)
{
    const dns_cause_row *row = dns_cause_find(diagnosis->cause);
    return diagnosis->mild && row->mild_text ? row->mild_text : row->text;
}

dns_severity dns_diagnosis_severity(const dns_diagnosis *diagnosis, dns_outcome outcome)
{
    const dns_cause_row *row = dns_cause_find(diagnosis->cause);
    if (diagnosis->mild)
        return row->solved;
    if (!diagnosis->episode)
        return row->severity;
    enum { LOOP = 3 }; /* as often as this is no accident */
    if (outcome == OUTCOME_REPEATED || outcome == OUTCOME_RETRIED_TOO_EARLY)
        return row->repeated;
    if (outcome == OUTCOME_NONE || dns_outcome_find(outcome)->good)
        return row->solved;
    return diagnosis->episode->count >= LOOP ? row->repeated : row->severity;
}
