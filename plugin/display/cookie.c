/* cookie.c
 * The COOKIE option: its parts, next to Wireshark's own items.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cookie.h"

#include "../analysis/cookies/option.h"
#include "fields.h"

static const char *const form_names[] = {"client-only", "client-and-server", "malformed"};
static const char *const format_names[] = {"RFC 9018 version 1", "not RFC 9018 (BIND aes or similar)", "not RFC 9018"};

static proto_item *add_name(proto_tree *tree, int field, tvbuff_t *tvb, const char *name)
{
    return field_wanted(tree, field) ? field_text(tree, field, tvb, name) : NULL;
}

/* RFC 9018 section 4: version, reserved, timestamp, hash. */
static void show_rfc9018(const dns_cookie *cookie, int64_t now, const uint8_t *server, tvbuff_t *tvb, proto_tree *tree)
{
    field_uint(tree, hf_dnsrcode_cookie_version, tvb, server[0]);
    field_uint(tree, hf_dnsrcode_cookie_reserved, tvb,
               (uint32_t)server[1] << 16 | (uint32_t)server[2] << 8 | server[3]);
    uint32_t stamp = dns_cookie_timestamp(server);
    nstime_t time = {.secs = (time_t)dns_cookie_time(stamp, now)};
    field_time(tree, hf_dnsrcode_cookie_timestamp, tvb, time);
    /* The timestamp has seconds: so has the age. */
    nstime_t age = {.secs = dns_cookie_age(stamp, now)};
    proto_item *item = field_time(tree, hf_dnsrcode_cookie_age, tvb, age);
    cookie_age_verdict verdict = dns_cookie_age_verdict((int32_t)age.secs);
    if (verdict != COOKIE_FRESH)
        proto_item_append_text(item,
                               verdict == COOKIE_STALE ? " (expired: over 1 h)" : " (from the future: over 5 min)");
    field_bytes(tree, hf_dnsrcode_cookie_hash, tvb, server + 8, 8);
    if (cookie->verified_known)
        proto_item_set_generated(
            proto_tree_add_boolean(tree, hf_dnsrcode_cookie_verified, tvb, 0, 0, cookie->verified));
}

static void show_server(const dns_cookie *cookie, int64_t now, tvbuff_t *tvb, proto_tree *tree)
{
    const uint8_t *server = dns_cookie_server(cookie);
    uint8_t length = dns_cookie_server_length(cookie);
    cookie_format format = dns_cookie_format(server, length, now);
    field_bytes(tree, hf_dnsrcode_cookie_server, tvb, server, length);
    add_name(tree, hf_dnsrcode_cookie_format, tvb, format_names[format]);
    if (format == COOKIE_FORMAT_RFC9018)
        show_rfc9018(cookie, now, server, tvb, tree);
    field_frame(tree, hf_dnsrcode_cookie_learned, tvb, cookie->learned_in);
}

static proto_tree *place_or(proto_node *node, proto_tree *otherwise)
{
    return node ? proto_item_add_subtree(node, ett_dnsrcode_cookie) : otherwise;
}

void display_cookie_form(uint16_t length, tvbuff_t *tvb, proto_tree *tree)
{
    cookie_form form = dns_cookie_form(length);
    proto_item *item = add_name(tree, hf_dnsrcode_cookie_form, tvb, form_names[form]);
    if (form == COOKIE_MALFORMED)
        proto_item_append_text(item, ": legal are 8 and 16 to 40 bytes (RFC 7873 section 4)");
    field_uint(tree, hf_dnsrcode_cookie_length, tvb, length);
}

void display_cookie(const dns_cookie *cookie, int64_t now, const display_place *place, tvbuff_t *tvb, proto_tree *own)
{
    proto_tree *option = place_or(place->cookie_option, own);
    display_cookie_form(cookie->length, tvb, option);
    if (cookie->length >= 8)
        field_bytes(option, hf_dnsrcode_cookie_client, tvb, cookie->bytes, 8);
    if (dns_cookie_form(cookie->length) == COOKIE_CLIENT_AND_SERVER)
        show_server(cookie, now, tvb, place_or(place->cookie_server, own));
}
