/* test_dso_read.c
 * The reader of DSO messages: what it finds in given bytes, and that no bytes disturb it.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/dso/read.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define REQUEST "0001 3000 0000000000000000 "
#define RESPONSE "0001 b000 0000000000000000 "
#define PUSHED "0000 3000 0000000000000000 "
#define NAME "07'example'03'com'00 "

static const struct {
    const char *hex;
    dso_kind kind;
    dso_tlv_state end;
    unsigned tlvs;
    uint16_t first;
    unsigned keepalives;
} views[] = {
    {REQUEST "0001 0008 00003a98 0036ee80", DSO_REQUEST, DSO_TLV_END, 1, 1, 1},
    {RESPONSE, DSO_RESPONSE, DSO_TLV_END, 0, 0, 0},
    {RESPONSE "0001 0008 00003a98 0036ee80 0001 0008 00003a98 0036ee80", DSO_RESPONSE, DSO_TLV_END, 2, 1, 2},
    {PUSHED "0041 0000", DSO_UNIDIRECTIONAL, DSO_TLV_END, 1, 0x41, 0},
    {REQUEST "0001 0004 00003a98 0003 0000", DSO_REQUEST, DSO_TLV_END, 2, 1, 1},
    {REQUEST "0001 0009 00003a98 0036ee80", DSO_REQUEST, DSO_TLV_OVERRUN, 1, 1, 1},
    {REQUEST "0001 0008 00003a98 0036ee80 00", DSO_REQUEST, DSO_TLV_OVERRUN, 1, 1, 1},
    {REQUEST "00", DSO_REQUEST, DSO_TLV_OVERRUN, 0, 0, 0},
    {REQUEST "0003 0000 fc00 0001 aa", DSO_REQUEST, DSO_TLV_END, 2, 3, 0},
    {"0001 3000 0001000000000000 0001 0008", DSO_REQUEST, DSO_TLV_END, 0, 0, 0},
};

static void test_views(void)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        uint8_t bytes[256];
        uint32_t n = from_hex(bytes, views[i].hex);
        dns_message m;
        dns_message_read(&m, bytes, n, n);
        dso_view v;
        dso_view_read(&v, &m);
        CHECK(v.kind == views[i].kind, "view %zu: kind %d", i, v.kind);
        CHECK(v.end == views[i].end, "view %zu: ends with %d", i, v.end);
        CHECK(v.tlvs == views[i].tlvs, "view %zu: %u TLVs", i, v.tlvs);
        CHECK(v.first.type == views[i].first, "view %zu: first %u", i, v.first.type);
        CHECK(v.keepalives == views[i].keepalives, "view %zu: %u Keepalives", i, v.keepalives);
    }
}

/* A message whose capture was cut: nothing is wrong with it as far as one can tell. */
static void test_cut(void)
{
    uint8_t bytes[256];
    uint32_t n = from_hex(bytes, REQUEST "0040 0011 " NAME "000c0001");
    for (uint32_t captured = DNS_HEADER_LENGTH; captured < n; captured++) {
        dns_message m;
        dns_message_read(&m, bytes, captured, n);
        dso_view v;
        dso_view_read(&v, &m);
        CHECK(v.end == DSO_TLV_CUT, "cut at %u: ends with %d", captured, v.end);
        dso_item item;
        if (v.tlvs)
            CHECK(dso_subscribe_read(&m, &v.first, &item) == DSO_BODY_CUT, "cut at %u: body not cut", captured);
    }
}

typedef struct {
    const char *hex;
    const char *items; /* "change type class name rdata" of each, then the state of the end */
} body;

static const body bodies[] = {
    {REQUEST "0040 0011 " NAME "000c0001", "0 12 1 example.com |ok"},
    {REQUEST "0040 0012 " NAME "000c000100", "|bad"},
    {REQUEST "0040 0010 " NAME "000c00", "|bad"},
    {REQUEST "0040 0006 c00c 000c 0001", "|bad"},
    {PUSHED "0041 0000", "|ok"},
    {PUSHED "0041 001b " NAME "00010001 00000e10 0004 c0000201", "1 1 1 example.com 192.0.2.1|ok"},
    {PUSHED "0041 002b " NAME "00010001 00000e10 0004 c0000201 c010 00010001 ffffffff 0004 c0000202",
     "1 1 1 example.com 192.0.2.1|2 1 1 example.com 192.0.2.2|ok"},
    {PUSHED "0041 0017 " NAME "000c0001 fffffffe 0000", "3 12 1 example.com |ok"},
    {PUSHED "0041 0017 " NAME "00ff0001 fffffffe 0000", "4 255 1 example.com |ok"},
    {PUSHED "0041 0017 " NAME "000000ff fffffffe 0000", "5 0 255 example.com |ok"},
    {PUSHED "0041 0017 " NAME "000c0001 80000000 0000", "6 12 1 example.com |ok"},
    {PUSHED "0041 0019 " NAME "000c0001 00000000 0002 c010", "1 12 1 example.com example.com|ok"},
    {PUSHED "0041 001f " NAME "00210001 0000003c 0008 0000 0001 0050 c010", "1 33 1 example.com 0 1 80 example.com|ok"},
    {PUSHED "0041 001c " NAME "00100001 0000003c 0005 04'a=\"b'", "1 16 1 example.com \"a=\\\"b\"|ok"},
    {PUSHED "0041 0019 " NAME "ff000001 0000003c 0002 beef", "1 65280 1 example.com beef|ok"},
    {PUSHED "0041 001a " NAME "00010001 00000e10 0003 c00002", "|bad"},
    {PUSHED "0041 001b " NAME "00010001 00000e10 0005 c0000201", "|bad"},
    {PUSHED "0041 0018 " NAME "000c0001 fffffffe 0000 00", "3 12 1 example.com |bad"},
    {PUSHED "0043 0015 " NAME "00010001 c0000201", "0 1 1 example.com 192.0.2.1|ok"},
    {PUSHED "0043 000f " NAME "0001", "|bad"},
};

static dso_body_state next_item(const dns_message *m, const dso_tlv *tlv, uint32_t *offset, dso_item *item)
{
    if (tlv->type == 0x41)
        return dso_push_next(m, tlv, offset, item);
    if (*offset != tlv->offset + DSO_TLV_HEADER_LENGTH)
        return DSO_BODY_END;
    *offset = 0;
    return tlv->type == 0x40 ? dso_subscribe_read(m, tlv, item) : dso_reconfirm_read(m, tlv, item);
}

static dso_body_state describe(char *to, size_t size, const dns_message *m, const dso_tlv *tlv)
{
    uint32_t offset = tlv->offset + DSO_TLV_HEADER_LENGTH;
    dso_item item;
    dso_body_state state;
    size_t at = 0;
    *to = '\0';
    while ((state = next_item(m, tlv, &offset, &item)) == DSO_BODY_OK && at + 1 < size) {
        char rdata[1200];
        dso_rdata_text(rdata, sizeof rdata, m, &item);
        at += (size_t)snprintf(to + at, size - at, "%s%d %u %u %s %s", at ? "|" : "", item.change, item.type,
                               item.class, item.name, rdata);
    }
    return state;
}

static void test_bodies(void)
{
    static const char *const names[] = {"ok", "ok", "bad", "cut"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        uint8_t bytes[256];
        uint32_t n = from_hex(bytes, bodies[i].hex);
        dns_message m;
        dns_message_read(&m, bytes, n, n);
        dso_view v;
        dso_view_read(&v, &m);
        char text[4096], whole[4200];
        dso_body_state state = describe(text, sizeof text, &m, &v.first);
        snprintf(whole, sizeof whole, "%s|%s", text, names[state]);
        CHECK(!strcmp(whole, bodies[i].items), "body %zu: \"%s\", not \"%s\"", i, whole, bodies[i].items);
    }
}

static void test_matching(void)
{
    CHECK(dso_change_matches(DSO_CHANGE_ADD, 12, 1, 12, 1), "same type and class");
    CHECK(dso_change_matches(DSO_CHANGE_ADD, 12, 1, 255, 255), "subscribed to ANY");
    CHECK(dso_change_matches(DSO_CHANGE_ADD, 5, 1, 12, 1), "CNAME stands for all types");
    CHECK(!dso_change_matches(DSO_CHANGE_ADD, 1, 1, 12, 1), "another type");
    CHECK(!dso_change_matches(DSO_CHANGE_REMOVE, 12, 3, 12, 1), "another class");
    CHECK(dso_change_matches(DSO_CHANGE_REMOVE_NAME_IN_CLASS, 255, 1, 12, 1), "all types removed");
    CHECK(!dso_change_matches(DSO_CHANGE_REMOVE_NAME_IN_CLASS, 255, 3, 12, 1), "all types of another class");
    CHECK(dso_change_matches(DSO_CHANGE_REMOVE_NAME, 0, 255, 12, 1), "all removed");
    CHECK(dso_name_hash("_HTTP._tcp.Example.com") == dso_name_hash("_http._TCP.example.COM"), "case");
}

/* Any bytes, also cut and with counts that lie: the reader ends, and stays inside (run it under sanitizers). */
static void test_any_bytes(void)
{
    srand(8490);
    for (unsigned round = 0; round < 200000; round++) {
        uint32_t n = (uint32_t)(rand() % 96), captured = rand() % 3 ? n : (uint32_t)(rand() % (int)(n + 1));
        uint8_t *bytes = malloc(captured + 1u);
        for (uint32_t i = 0; i < captured; i++)
            bytes[i] = (uint8_t)(rand() % 4 ? rand() % 4 : rand());
        if (captured > 14) {
            memset(bytes + 4, 0, 9);
            bytes[2] = rand() % 2 ? 0x30 : 0xb0;
            bytes[13] = (uint8_t)(rand() % 2 ? 0x40 + rand() % 4 : rand() % 4);
        }
        dns_message m;
        dns_message_read(&m, bytes, captured, n);
        dso_view v;
        if (m.has_header) {
            dso_view_read(&v, &m);
            char text[8192];
            if (v.tlvs)
                describe(text, sizeof text, &m, &v.first);
        }
        free(bytes);
    }
}

int main(void)
{
    test_views();
    test_cut();
    test_bodies();
    test_matching();
    test_any_bytes();
    return check_result("dso_read");
}
