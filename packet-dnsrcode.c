/* packet-dnsrcode.c
 * The front door: registers the protocol and its postdissector.
 *
 *   frame -> source -> message -> analysis -> finding -> display
 *                                                      -> statistics -> stories
 *
 * Every message is analysed once, on the first pass. What was found is kept with the frame,
 * and drawn from there on every pass, since most passes have no message at hand.
 *
 * dnsrcode explains the DNS response codes 11 (DSOTYPENI) and 23 (BADCOOKIE).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "plugin/compat.h"

#include "plugin/analysis/analysis.h"
#include "plugin/display/display.h"
#include "plugin/display/fields.h"
#include "plugin/finding/kept.h"
#include "plugin/preferences.h"
#include "plugin/source/source.h"
#include "plugin/statistics/statistics.h"
#include "plugin/stories/stories.h"

void proto_register_dnsrcode(void);
void proto_reg_handoff_dnsrcode(void);

#define DNSRCODE_SHORT_NAME "dnsrcode"

static dissector_handle_t handle;
static dns_analysis *analysis;

static void start_capture(void)
{
    analysis = dns_analysis_new(wmem_file_scope(), preferences_secrets());
    dns_kept_start(wmem_file_scope());
    bool enabled = proto_is_protocol_enabled(find_protocol_by_id(proto_dnsrcode));
    fields_open_subtrees();
    source_choose(handle, enabled ? (source_choice)preferences.message_source : SOURCE_NONE,
                  enabled && preferences.correct_dns);
}

/* What is told of a frame that is read the first time does not wait for others. What is told later knows them all; in
 * Wireshark's window, while a live capture goes on, further ones are to come. */
static dns_so_far so_far(bool first_pass)
{
    int64_t last_time = analysis ? dns_analysis_last_time(analysis) : 0;
    return (dns_so_far){last_time, !first_pass && !source_is_live(last_time)};
}

/* Statistics are drawn when all was read. */
static dns_so_far so_far_when_drawn(void)
{
    return so_far(false);
}

static void end_capture(void)
{
    analysis = NULL; /* its memory goes with the file scope */
    dns_kept_start(NULL);
    statistics_end_capture();
}

/* ---- first pass ---- */

typedef struct {
    dns_finding *first, *last;
} finding_list;

static void append(finding_list *list, dns_finding *finding)
{
    if (!finding)
        return;
    if (list->last)
        dns_finding_extend(wmem_file_scope(), list->last)->next = finding;
    else
        list->first = finding;
    list->last = finding;
}

/* Wireshark knows the ends of a frame's last packet alone. */
static void append_from(finding_list *list, const source_frame *packet, dns_finding *finding)
{
    append(list, finding);
    if (finding && packet->several) {
        dns_endpoint *ends = wmem_alloc_array(wmem_file_scope(), dns_endpoint, 2);
        ends[0] = packet->packet.source;
        ends[1] = packet->packet.destination;
        dns_finding_extend(wmem_file_scope(), finding)->ends = ends;
    }
}

static void analyse_packet(const source_frame *packet, finding_list *findings)
{
    const dns_packet *p = &packet->packet;
    dns_analysis_frame(analysis, p->frame, p->time, packet->tcp ? p : NULL);
    for (unsigned i = 0; i < packet->count; i++)
        append_from(findings, packet, dns_analysis_message(analysis, p, &packet->messages[i]));
    if (packet->unread_tls)
        append_from(findings, packet, dns_analysis_encrypted(analysis, p, &packet->tls));
    if (packet->tcp)
        append_from(findings, packet, dns_analysis_tcp(analysis, p, packet->tcp_flags));
}

static dns_finding *analyse(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    source_frame frame;
    finding_list findings = {NULL, NULL};
    if (!source_read(&frame, tvb, pinfo, tree)) {
        dns_analysis_frame(analysis, pinfo->num, source_time(pinfo), NULL);
        return NULL;
    }
    for (const source_frame *packet = &frame; packet; packet = packet->next)
        analyse_packet(packet, &findings);
    return findings.first;
}

static const dns_finding *analyse_and_keep(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    dns_finding *findings = analyse(tvb, pinfo, tree);
    dns_kept_set(pinfo->num, findings);
    return findings;
}

/* ---- every pass ---- */

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    pinfo->current_proto = DNSRCODE_SHORT_NAME; /* for expert infos: Wireshark sets it back behind this call */
    bool first_pass = !pinfo->fd->visited;
    const dns_finding *findings = first_pass ? analyse_and_keep(tvb, pinfo, tree) : dns_kept_get(pinfo->num);
    if (findings) {
        display_pass pass = {so_far(first_pass), preferences.correct_dns, preferences.cause_in_info};
        display_frame(findings, &pass, tvb, pinfo, tree);
        statistics_frame(pinfo, findings, first_pass);
    }
    return (int)tvb_captured_length(tvb);
}

/* ---- registration ---- */

/* Wireshark calls postdissectors for every frame, also without DNS, and makes the protocol of each a layer of the frame, which
 * takes about as long as all else that the plugin does there. One "in name only" makes no layer, and is enabled and disabled with its
 * parent. */
static int register_caller(const char *name)
{
    return proto_register_protocol_in_name_only(name, DNSRCODE_SHORT_NAME " (postdissector)", "dnsrcode_postdissector",
                                                proto_dnsrcode, FT_PROTOCOL);
}

void proto_register_dnsrcode(void)
{
    static const char name[] = "DNS response code analysis";
    proto_dnsrcode = proto_register_protocol(name, DNSRCODE_SHORT_NAME, "dnsrcode");
    source_register();
    display_register(proto_dnsrcode);
    preferences_register(proto_dnsrcode);
    statistics_register(so_far_when_drawn);
    stories_register();
    register_init_routine(start_capture);
    register_cleanup_routine(end_capture);
    handle = register_dissector("dnsrcode", dissect, register_caller(name));
    register_postdissector(handle);
}

void proto_reg_handoff_dnsrcode(void)
{
    source_init();
    display_init();
}
