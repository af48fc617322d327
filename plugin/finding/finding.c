/* finding.c
 * What a finding says by itself: outcome and severity.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "finding.h"

#include "../knowledge/rules.h"
#include "../knowledge/text.h"

/* A client that has not asked again after this long has given up (cookies.md, "Outcome"). */
static const int64_t give_up_after = INT64_C(10) * 1000000000;

const dns_finding_more dns_finding_nothing;

dns_finding_more *dns_finding_extend(wmem_allocator_t *scope, dns_finding *finding)
{
    if (finding->more == &dns_finding_nothing)
        finding->more = wmem_new0(scope, dns_finding_more);
    return (dns_finding_more *)(uintptr_t)finding->more;
}

dns_outcome dns_diagnosis_outcome(const dns_diagnosis *diagnosis, const dns_so_far *so_far)
{
    const dns_episode *e = diagnosis->episode;
    if (!e)
        return OUTCOME_NONE;
    if (diagnosis->to_discard && !e->discarded && e->doubtful_frame) /* nothing tells whether it was */
        return OUTCOME_NONE;
    if (e->decided != OUTCOME_NONE)
        return e->decided;
    if (e->doubtful_frame > e->retry_frame)
        return so_far->complete ? OUTCOME_RESOLVED : OUTCOME_OPEN;
    if (!so_far->complete)
        return OUTCOME_OPEN;
    if (e->dso)
        return OUTCOME_CAPTURE_ENDS;
    bool waited = so_far->last_time - e->last_time > give_up_after;
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
    if (!dns_outcome_find(outcome)->good)
        return 0;
    return e->decided ? e->end_frame : e->doubtful_frame;
}

const char *dns_diagnosis_outcome_text(const dns_diagnosis *diagnosis, dns_outcome outcome)
{
    const dns_outcome_row *row = dns_outcome_find(outcome);
    const dns_episode *e = diagnosis->episode;
    if (e->answer_truncated && row->text_truncated)
        return row->text_truncated;
    return e->elsewhere_frame > e->last_frame && row->text_elsewhere ? row->text_elsewhere : row->text;
}

dns_facts dns_diagnosis_outcome_facts(const dns_diagnosis *diagnosis, dns_outcome outcome)
{
    const dns_episode *e = diagnosis->episode;
    dns_facts facts = {.frame = e->decided ? e->end_frame : e->doubtful_frame,
                       .other = e->elsewhere_frame,
                       .n = e->count,
                       .rcode = e->answer_rcode};
    if (outcome == OUTCOME_UNRESOLVED)
        facts.frame = e->retry_frame;
    return facts;
}

const char *dns_diagnosis_summary(const dns_diagnosis *diagnosis)
{
    const dns_cause_row *row = dns_cause_find(diagnosis->cause);
    return diagnosis->mild && row->mild_summary ? row->mild_summary : row->summary;
}

const char *dns_diagnosis_text(const dns_diagnosis *diagnosis)
{
    const dns_cause_row *row = dns_cause_find(diagnosis->cause);
    const char *text = diagnosis->mild && row->mild_text ? row->mild_text : row->text;
    if (!dns_text_applies(text, &diagnosis->facts))
        text = row->text_alone;
    return text && dns_text_applies(text, &diagnosis->facts) ? text : NULL;
}

const char *const *dns_diagnosis_remedies(const dns_diagnosis *diagnosis, dns_outcome outcome, size_t *count)
{
    const dns_cause_row *row = dns_cause_find(diagnosis->cause);
    bool solved =
        diagnosis->episode && dns_outcome_find(outcome)->good && outcome != OUTCOME_NONE && outcome != OUTCOME_OPEN;
    if (solved && row->solved_remediation[0]) {
        *count = sizeof row->solved_remediation / sizeof *row->solved_remediation;
        return row->solved_remediation;
    }
    if (diagnosis->mild && row->mild_remediation[0]) {
        *count = sizeof row->mild_remediation / sizeof *row->mild_remediation;
        return row->mild_remediation;
    }
    *count = sizeof row->remediation / sizeof *row->remediation;
    return row->remediation;
}

static dns_severity by_outcome(const dns_diagnosis *diagnosis, const dns_cause_row *row, dns_outcome outcome)
{
    if (diagnosis->mild)
        return row->solved;
    if (!diagnosis->episode)
        return row->severity;
    if (diagnosis->to_discard)
        return diagnosis->episode->discarded ? row->repeated : row->severity;
    enum { LOOP = 3 }; /* as often as this is no accident */
    if (outcome == OUTCOME_REPEATED || outcome == OUTCOME_RETRIED_TOO_EARLY)
        return row->repeated;
    if (outcome == OUTCOME_NONE || outcome == OUTCOME_OPEN || dns_outcome_find(outcome)->good)
        return row->solved;
    if (outcome == OUTCOME_CAPTURE_ENDS && row->mild_while_open)
        return row->solved;
    return diagnosis->episode->count >= LOOP ? row->repeated : row->severity;
}

dns_severity dns_diagnosis_severity(const dns_diagnosis *diagnosis, dns_outcome outcome, const dns_so_far *so_far)
{
    dns_severity severity = by_outcome(diagnosis, dns_cause_find(diagnosis->cause), outcome);
    bool may_be_overturned = diagnosis->open && !so_far->complete;
    return may_be_overturned || diagnosis->once ? MIN(severity, DNS_SEVERITY_WARN) : severity;
}

bool dns_diagnosis_is_told(const dns_finding *finding, const dns_diagnosis *diagnosis, const dns_so_far *so_far)
{
    return diagnosis->frame == finding->frame && !diagnosis->repetition &&
           !(diagnosis->first_pass_only && so_far->complete);
}

/* A cause of this message says the same. */
static bool is_cause(const dns_finding *finding, const dns_violation *violation)
{
    for (const dns_diagnosis *d = finding->more->diagnoses; d; d = d->next)
        if (dns_rule_is_cause(violation->rule, d->cause))
            return true;
    return false;
}

bool dns_violation_is_told(const dns_finding *finding, const dns_violation *violation)
{
    return violation->frame == finding->frame && !is_cause(finding, violation);
}

static dns_severity severity_now(const dns_diagnosis *diagnosis, const dns_so_far *so_far)
{
    return dns_diagnosis_severity(diagnosis, dns_diagnosis_outcome(diagnosis, so_far), so_far);
}

dns_severity dns_finding_severity(const dns_finding *finding, const dns_so_far *so_far)
{
    dns_severity worst = DNS_SEVERITY_CHAT;
    for (const dns_diagnosis *d = finding->more->diagnoses; d; d = d->next)
        worst = MAX(worst, severity_now(d, so_far));
    for (const dns_violation *v = finding->more->violations; v; v = v->next)
        worst = MAX(worst, v->severity);
    return worst;
}

unsigned dns_finding_troubles(const dns_finding *finding, const dns_so_far *so_far, dns_severity least,
                              const char *slugs[DNS_TROUBLES_MAX])
{
    unsigned count = 0;
    for (const dns_diagnosis *d = finding->more->diagnoses; d && count < DNS_TROUBLES_MAX; d = d->next)
        if (dns_diagnosis_is_told(finding, d, so_far) && severity_now(d, so_far) >= least)
            slugs[count++] = dns_cause_find(d->cause)->slug;
    for (const dns_violation *v = finding->more->violations; v && count < DNS_TROUBLES_MAX; v = v->next)
        if (v->severity >= least && dns_violation_is_told(finding, v))
            slugs[count++] = dns_rule_find(v->rule)->slug;
    return count;
}

const dns_episode *dns_finding_story(const dns_finding *finding)
{
    if (finding->transaction && finding->transaction->episode)
        return finding->transaction->episode;
    for (const dns_diagnosis *d = finding->more->diagnoses; d; d = d->next)
        if (d->episode && d->episode->number)
            return d->episode;
    return NULL;
}
