/* fields.c
 * Registering the filter fields, and putting values into them.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fields.h"

#include "../knowledge/text.h"
#include "../knowledge/types.h"

int proto_dnsrcode = -1;
int ett_dnsrcode = -1, ett_dnsrcode_cookie = -1, ett_dnsrcode_diagnosis = -1, ett_dnsrcode_dso = -1;
int ett_dnsrcode_background = -1;

#define DNSRCODE_FIELD(id, abbrev, name, type, display, strings, blurb) int hf_dnsrcode_##id = -1;
#include "fields.def"
#undef DNSRCODE_FIELD

/* Names for filters such as dnsrcode.rcode == "BADCOOKIE": made from the table of codes. */
enum { NAMES_MAX = 64 };
static value_string rcode_names[NAMES_MAX], tsig_error_names[NAMES_MAX], dso_type_names[NAMES_MAX];

static void fill_names(value_string *names, bool tsig)
{
    size_t rows, n = 0;
    const dns_rcode_row *row = dns_rcode_rows(&rows);
    for (size_t i = 0; i < rows && n + 1 < NAMES_MAX; i++)
        if (row[i].first == row[i].last)
            names[n++] = (value_string){row[i].first, dns_rcode_find(row[i].first, tsig)->name};
}

static void fill_dso_names(void)
{
    size_t rows, n = 0;
    const dso_type_row *row = dso_type_rows(&rows);
    for (size_t i = 0; i < rows && n + 1 < NAMES_MAX; i++)
        if (row[i].range == DSO_RANGE_ASSIGNED)
            dso_type_names[n++] = (value_string){row[i].first, row[i].name};
}

void fields_register(int protocol)
{
#define DNSRCODE_FIELD(id, abbrev, name, type, display, strings, blurb)                                                \
    {&hf_dnsrcode_##id, {name, "dnsrcode." abbrev, type, display, strings, 0, blurb, HFILL}},
    static hf_register_info hf[] = {
#include "fields.def"
    };
#undef DNSRCODE_FIELD
    static int *ett[] = {&ett_dnsrcode, &ett_dnsrcode_cookie, &ett_dnsrcode_diagnosis, &ett_dnsrcode_dso,
                         &ett_dnsrcode_background};
    fill_names(rcode_names, false);
    fill_names(tsig_error_names, true);
    fill_dso_names();
    proto_register_field_array(protocol, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
}

void fields_open_subtrees(void)
{
    static bool done;
    if (!done) {
        tree_expanded_set(ett_dnsrcode, TRUE);
        tree_expanded_set(ett_dnsrcode_diagnosis, TRUE);
    }
    done = true;
}

bool field_asked_for(int field)
{
    return proto_registrar_get_nth((unsigned)field)->ref_type != HF_REF_TYPE_NONE;
}

bool field_wanted(proto_tree *tree, int field)
{
    return tree && (PTREE_DATA(tree)->visible || proto_field_is_referenced(tree, field));
}

void field_uint(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t value)
{
    if (field_wanted(tree, field))
        proto_item_set_generated(proto_tree_add_uint(tree, field, tvb, 0, 0, value));
}

void field_bytes(proto_tree *tree, int field, tvbuff_t *tvb, const uint8_t *bytes, unsigned length)
{
    if (field_wanted(tree, field))
        proto_item_set_generated(proto_tree_add_bytes_with_length(tree, field, tvb, 0, 0, bytes, (int)length));
}

proto_item *field_time(proto_tree *tree, int field, tvbuff_t *tvb, nstime_t time)
{
    if (!field_wanted(tree, field))
        return NULL;
    proto_item *item = proto_tree_add_time(tree, field, tvb, 0, 0, &time);
    proto_item_set_generated(item);
    return item;
}

void field_frame(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t frame)
{
    if (frame)
        field_uint(tree, field, tvb, frame);
}

void field_rcode(proto_tree *tree, tvbuff_t *tvb, uint16_t code, const char *name)
{
    const char *usual = try_val_to_str(code, rcode_names);
    proto_item *item; /* without a text of its own, Wireshark makes it when somebody looks */
    if (usual && strcmp(usual, name) == 0)
        item = proto_tree_add_uint(tree, hf_dnsrcode_rcode, tvb, 0, 0, code);
    else
        item = proto_tree_add_uint_format_value(tree, hf_dnsrcode_rcode, tvb, 0, 0, code, "%s (%u)", name, code);
    proto_item_set_generated(item);
}

proto_item *field_text(proto_tree *tree, int field, tvbuff_t *tvb, const char *text)
{
    if (!text || !*text)
        return NULL;
    proto_item *item = proto_tree_add_string(tree, field, tvb, 0, 0, text);
    proto_item_set_generated(item);
    return item;
}

const char *render(packet_info *pinfo, const char *text, const dns_facts *facts)
{
    char buffer[512];
    size_t length = dns_text_render(buffer, sizeof buffer, text, facts);
    if (length < sizeof buffer)
        return wmem_strdup(pinfo->pool, buffer);
    char *whole = (char *)wmem_alloc(pinfo->pool, length + 1);
    dns_text_render(whole, length + 1, text, facts);
    return whole;
}

proto_item *field_rendered(proto_tree *tree, packet_info *pinfo, int field, tvbuff_t *tvb, const char *text,
                           const dns_facts *facts)
{
    return field_wanted(tree, field) ? field_text(tree, field, tvb, render(pinfo, text, facts)) : NULL;
}
