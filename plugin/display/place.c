/* place.c
 * Wireshark's own items of a DNS message.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "place.h"

static struct {
    int flags, text, malformed, info;
} fields;

/* The items that are looked for in the whole message, and where they are noted. */
static struct {
    const char *name;
    size_t to;
    int field;
} wanted[] = {{"dns.flags.rcode", offsetof(display_place, rcode), -1},
              {"dns.resp.ext_rcode", offsetof(display_place, extended_rcode), -1},
              {"dns.opt.cookie.client", offsetof(display_place, cookie_client), -1},
              {"dns.opt.cookie.server", offsetof(display_place, cookie_server), -1}};

void place_init(void)
{
    for (size_t i = 0; i < array_length(wanted); i++)
        wanted[i].field = proto_registrar_get_id_byname(wanted[i].name);
    fields.flags = proto_registrar_get_id_byname("dns.flags");
    fields.text = proto_registrar_get_id_byname("text");
    fields.info = proto_registrar_get_id_byname("_ws.col.info");
    fields.malformed = proto_get_id_by_filter_name("_ws.malformed");
}

static void note(display_place *place, proto_node *n, int field)
{
    for (size_t i = 0; i < array_length(wanted); i++) {
        if (field != wanted[i].field)
            continue;
        proto_node **to = (proto_node **)((char *)place + wanted[i].to);
        if (!*to)
            *to = n;
        return;
    }
}

static void search(display_place *place, proto_node *parent)
{
    for (proto_node *n = parent->first_child; n; n = n->next) {
        const field_info *info = PNODE_FINFO(n);
        if (info)
            note(place, n, info->hfinfo->id);
        search(place, n);
    }
}

/* The flags are a child of the message; the OPT record stands in the last one of the sections, whose items are texts. The
 * others, with the bulk of the items, are not looked into. */
display_place place_find(proto_node *message)
{
    display_place place = {.message = message};
    proto_node *section = NULL;
    for (proto_node *n = message ? message->first_child : NULL; n; n = n->next) {
        const field_info *info = PNODE_FINFO(n);
        if (!info || !n->first_child)
            continue;
        if (info->hfinfo->id == fields.flags) {
            place.flags = n;
            search(&place, n);
        } else if (info->hfinfo->id == fields.text) {
            section = n;
        }
    }
    if (section)
        search(&place, section);
    place.cookie_option = place.cookie_client ? place.cookie_client->parent : NULL;
    return place;
}

const char *place_header_rcode_name(uint16_t rcode)
{
    const header_field_info *info = proto_registrar_get_byname("dns.flags.rcode");
    return info && info->strings ? try_val_to_str(rcode, (const value_string *)info->strings) : NULL;
}

bool place_hide_malformed(proto_tree *tree, unsigned at_most)
{
    proto_node *found[8];
    unsigned count = 0;
    for (proto_node *n = tree->first_child; n; n = n->next) {
        const field_info *info = PNODE_FINFO(n);
        if (!info || info->hfinfo->id != fields.malformed)
            continue;
        if (count == array_length(found) || count == at_most)
            return false;
        found[count++] = n;
    }
    for (unsigned i = 0; i < count; i++)
        proto_item_set_hidden(found[i]);
    return true;
}

#if WIRESHARK_AT_LEAST(4, 4)
static void set_info_below(proto_node *parent, const char *text)
{
    for (proto_node *n = parent->first_child; n; n = n->next) {
        field_info *info = PNODE_FINFO(n);
        if (info && info->hfinfo->id == fields.info)
            fvalue_set_string(WS_FVALUE(info), text);
    }
}

void place_set_info_field(proto_tree *tree, const char *text)
{
    if (fields.info < 0)
        return;
    set_info_below(tree, text);
    for (proto_node *n = tree->first_child; n; n = n->next) /* below "Wireshark Columns" */
        set_info_below(n, text);
}
#else
void place_set_info_field(proto_tree *tree _U_, const char *text _U_)
{
}
#endif
