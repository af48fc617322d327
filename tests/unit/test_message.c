/* test_message.c
 * The reader: real messages, and every way in which bytes can be missing or wrong.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every message is read from a heap block of exactly its captured length, so that valgrind and
 * the sanitizers see a read behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "message/message.h"

/* ---- real messages ---- */

/* dig +cookie example.test, first contact: a client cookie. */
static const char query[] = "8a16 0120 0001 0000 0000 0001"
                            "07 'example' 04 'test' 00 0001 0001"
                            "00 0029 04d0 00000000 000c 000a 0008 32a0f6f5d8e2e1de";
/* The BADCOOKIE that answers it: 7 in the header, 1 in OPT, both cookies. */
static const char badcookie[] =
    "8a16 8107 0001 0000 0000 0001"
    "07 'example' 04 'test' 00 0001 0001"
    "00 0029 04d0 01000000 001c 000a 0018 32a0f6f5d8e2e1de 010000006b04c2fa1eff0cb0c09e4181";
/* An answer with compressed names before its OPT. */
static const char answer[] = "985d 8500 0001 0002 0000 0001"
                             "07 'example' 04 'test' 00 0001 0001"
                             "c00c 0001 0001 00000e10 0004 c0000250"
                             "c00c 0005 0001 00000e10 0005 02 'ns' c00c"
                             "00 0029 04d0 00000000 0000";
/* A signed update that was refused: TSIG behind OPT, error 17 in it. */
static const char tsig[] = "1234 a889 0001 0000 0000 0002"
                           "04 'test' 00 0006 0001"
                           "00 0029 04d0 00000000 0000"
                           "03 'key' 00 00fa 00ff 00000000 001a"
                           "08 'hmac-md5' 00 000000000001 012c 0000 1234 0011 0000";
/* A DSO Keepalive request, and the DSOTYPENI that is only a header. */
static const char keepalive[] = "0001 3000 0000 0000 0000 0000 0001 0008 00003a98 00003a98";
static const char dsotypeni[] = "0002 b00b 0000 0000 0000 0000";
/* Two more TLVs, the last one empty. */
static const char padded[] = "0001 3000 0000 0000 0000 0000 0040 0002 abcd 0003 0000";

/* A message and its read view. `block` is freed by close_view(). */
typedef struct {
    uint8_t *block;
    dns_message m;
} view;

static view open_bytes(const uint8_t *bytes, uint32_t captured, uint32_t reported)
{
    view v = {.block = malloc(captured ? captured : 1)};
    memcpy(v.block, bytes, captured);
    dns_message_read(&v.m, v.block, captured, reported);
    return v;
}

static view open_view(const char *hex)
{
    uint8_t bytes[2048] = {0};
    uint32_t length = from_hex(bytes, hex);
    return open_bytes(bytes, length, length);
}

static void close_view(view *v)
{
    free(v->block);
}

/* ---- whole messages ---- */

static void test_query(void)
{
    view v = open_view(query);
    CHECK(v.m.problems == 0 && v.m.has_header && v.m.rcode_known, "problems %u", v.m.problems);
    CHECK(v.m.id == 0x8a16 && v.m.opcode == 0 && !dns_message_is_response(&v.m), "header");
    CHECK(v.m.has_question && v.m.qtype == 1 && v.m.qclass == 1 && v.m.qname_offset == 12, "question");
    CHECK(v.m.has_opt && v.m.edns_version == 0, "OPT");
    CHECK(v.m.cookie.count == 1 && v.m.cookie.length == 8 && v.m.cookie.data[0] == 0x32, "cookie");
    CHECK(v.m.end == v.m.length, "read to the end");
    close_view(&v);
}

static void test_badcookie(void)
{
    view v = open_view(badcookie);
    CHECK(v.m.problems == 0 && dns_message_is_response(&v.m), "problems %u", v.m.problems);
    CHECK(v.m.header_rcode == 7 && v.m.extended_rcode == 1 && dns_message_rcode(&v.m) == 23, "rcode %u",
          dns_message_rcode(&v.m));
    CHECK(v.m.cookie.length == 24, "cookie of %u", v.m.cookie.length);
    close_view(&v);
}

/* Of an option that the capture cut, its length is known. */
static void test_cut_cookie(void)
{
    enum { LENGTH = 24 };
    uint8_t bytes[2048] = {0};
    uint32_t length = from_hex(bytes, badcookie);
    for (uint32_t n = length - LENGTH - 1; n <= length; n++) {
        view v = open_bytes(bytes, n, length);
        bool cut = n >= length - LENGTH && n < length;
        CHECK(v.m.cookie.cut == cut && v.m.cookie.cut_length == (cut ? LENGTH : 0), "%u bytes captured", n);
        CHECK(v.m.cookie.count == (n == length), "%u bytes captured: the option itself", n);
        close_view(&v);
    }
    view broken = open_bytes(bytes, length - 2, length - 1);
    CHECK(!broken.m.cookie.cut, "it was not sent as a whole either");
    close_view(&broken);
}

static void test_answer(void)
{
    view v = open_view(answer);
    char name[DNS_NAME_TEXT_MAX];
    CHECK(v.m.problems == 0 && v.m.has_opt && dns_message_rcode(&v.m) == 0, "problems %u", v.m.problems);
    CHECK(v.m.cookie.count == 0 && !v.m.cookie.data, "no cookie");
    CHECK(dns_name_read(v.m.data, v.m.length, v.m.qname_offset, true, name) && strcmp(name, "example.test") == 0, "%s",
          name);
    close_view(&v);
}

static void test_tsig(void)
{
    view v = open_view(tsig);
    CHECK(v.m.problems == 0 && v.m.has_opt && v.m.has_tsig, "problems %u", v.m.problems);
    CHECK(v.m.tsig_error == 17 && dns_message_rcode(&v.m) == 9 && v.m.opcode == DNS_OPCODE_UPDATE, "error %u",
          v.m.tsig_error);
    close_view(&v);
}

static void test_dso(void)
{
    view v = open_view(dsotypeni);
    uint32_t offset = DNS_HEADER_LENGTH;
    dso_tlv tlv;
    CHECK(v.m.problems == 0 && dns_message_is_dso(&v.m) && v.m.rcode_known && dns_message_rcode(&v.m) == 11,
          "DSOTYPENI");
    CHECK(dso_tlv_next(&v.m, &offset, &tlv) == DSO_TLV_END, "a header alone has no TLV");
    close_view(&v);

    v = open_view(padded);
    offset = DNS_HEADER_LENGTH;
    CHECK(dso_tlv_next(&v.m, &offset, &tlv) == DSO_TLV_OK && tlv.type == 0x40 && tlv.length == 2, "first TLV");
    CHECK(dso_tlv_next(&v.m, &offset, &tlv) == DSO_TLV_OK && tlv.type == 3 && tlv.length == 0, "empty TLV");
    CHECK(dso_tlv_next(&v.m, &offset, &tlv) == DSO_TLV_END, "end");
    close_view(&v);
}

/* The case of letters in a name is no difference; type and name are. */
static uint32_t hash_of(const char *hex)
{
    view v = open_view(hex);
    uint32_t hash = v.m.question_hash;
    close_view(&v);
    return hash;
}

static void test_question_hash(void)
{
    uint32_t a = hash_of("0001 0100 0001 0000 0000 0000 01 'a' 04 'test' 00 0001 0001");
    CHECK(a && a == hash_of("0002 8180 0001 0000 0000 0000 01 'A' 04 'TeSt' 00 0001 0001"), "case folded");
    CHECK(a != hash_of("0001 0100 0001 0000 0000 0000 01 'b' 04 'test' 00 0001 0001"), "another name");
    CHECK(hash_of("0001 0100 0001 0000 0000 0000 0c 'AZaz@[`{09_-' 00 0001 0001") ==
              hash_of("0001 0100 0001 0000 0000 0000 0c 'azaz@[`{09_-' 00 0001 0001"),
          "letters alone are folded");
    CHECK(hash_of("0001 0100 0001 0000 0000 0000 08 'aaaaaaa@' 00 0001 0001") !=
              hash_of("0001 0100 0001 0000 0000 0000 08 'aaaaaaa`' 00 0001 0001"),
          "what is no letter is not");
    CHECK(hash_of("0001 0100 0001 0000 0000 0000 08 'aaaaaa' c1 'a' 00 0001 0001") !=
              hash_of("0001 0100 0001 0000 0000 0000 08 'aaaaaa' e1 'a' 00 0001 0001"),
          "nor is what has the eighth bit");
    CHECK(a != hash_of("0001 0100 0001 0000 0000 0000 01 'a' 04 'test' 00 0041 0001") &&
              hash_of("0001 0100 0001 0000 0000 0000 01 'a' 04 'test' 00 0041 0001") !=
                  hash_of("0001 0100 0001 0000 0000 0000 01 'a' 04 'test' 00 0061 0001"),
          "nor are types");
    CHECK(a != hash_of("0001 0100 0001 0000 0000 0000 01 'a' 04 'test' 00 001c 0001"), "another type");
    CHECK(hash_of("0001 8100 0000 0000 0000 0000") == 0, "no question");
}

/* ---- every prefix ---- */

/* What must hold of any view: it points into its bytes, and claims nothing it cannot know. */
static void check_sane(const dns_message *m, const char *what)
{
    const uint8_t *end = m->data + m->length;
    CHECK(m->end <= m->length, "%s: read to %u of %u", what, m->end, m->length);
    CHECK(m->has_header == (m->length >= DNS_HEADER_LENGTH), "%s: header of %u bytes", what, m->length);
    CHECK(!m->cookie.data == (m->cookie.count == 0), "%s: cookies", what);
    if (m->cookie.data)
        CHECK(m->cookie.data >= m->data && m->cookie.data + m->cookie.length <= end, "%s: a cookie behind the bytes",
              what);
    CHECK(!(m->rcode_known && !m->has_header && !(m->has_flags && m->opcode == DNS_OPCODE_DSO)),
          "%s: a code without a header", what);
    CHECK(m->has_header || m->has_flags == (m->length >= 4 && m->reported >= DNS_HEADER_LENGTH),
          "%s: flags of %u bytes", what, m->length);
    CHECK(!(m->reported == m->length && (m->problems & MESSAGE_CUT_BY_CAPTURE)), "%s: whole, but called cut", what);
    CHECK(!(m->reported > m->length && !(m->problems & MESSAGE_CUT_BY_CAPTURE)), "%s: cut, but not called so", what);
}

static void walk_tlvs(const dns_message *m, const char *what)
{
    uint32_t offset = DNS_HEADER_LENGTH, before;
    dso_tlv tlv;
    dso_tlv_state state;
    do {
        before = offset;
        state = dso_tlv_next(m, &offset, &tlv);
        if (state == DSO_TLV_OK)
            CHECK(offset >= before + DSO_TLV_HEADER_LENGTH && tlv.data + tlv.length <= m->data + m->length,
                  "%s: a TLV behind the bytes", what);
        CHECK(!tlv.data || tlv.data + tlv.available <= m->data + m->length, "%s: TLV data behind the bytes", what);
    } while (state == DSO_TLV_OK);
    CHECK(!(state == DSO_TLV_CUT && m->length == m->reported), "%s: a whole message has no cut TLV", what);
}

static void test_prefixes_of(const char *hex, const char *what)
{
    uint8_t bytes[2048] = {0};
    uint32_t length = from_hex(bytes, hex);
    view whole = open_bytes(bytes, length, length);
    for (uint32_t n = 0; n < length; n++) {
        view sent = open_bytes(bytes, n, n), cut = open_bytes(bytes, n, length);
        check_sane(&sent.m, what);
        check_sane(&cut.m, what);
        CHECK(!(cut.m.problems & ~MESSAGE_CUT_BY_CAPTURE), "%s cut at %u: problems %u are claimed of bytes nobody saw",
              what, n, cut.m.problems);
        if (cut.m.rcode_known)
            CHECK(dns_message_rcode(&cut.m) == dns_message_rcode(&whole.m), "%s cut at %u: a wrong code", what, n);
        if (!dns_message_is_dso(&whole.m))
            CHECK(sent.m.problems, "%s of %u bytes has no problem", what, n);
        if (sent.m.has_header) {
            walk_tlvs(&sent.m, what);
            walk_tlvs(&cut.m, what);
        }
        close_view(&sent);
        close_view(&cut);
    }
    check_sane(&whole.m, what);
    close_view(&whole);
}

static void test_prefixes(void)
{
    test_prefixes_of(query, "query");
    test_prefixes_of(badcookie, "badcookie");
    test_prefixes_of(answer, "answer");
    test_prefixes_of(tsig, "tsig");
    test_prefixes_of(keepalive, "keepalive");
    test_prefixes_of(dsotypeni, "dsotypeni");
    test_prefixes_of(padded, "padded");
}

/* Every byte replaced by values that break lengths and names. */
static void test_mutations(void)
{
    static const char *const messages[] = {query, badcookie, answer, tsig, keepalive, padded};
    static const uint8_t values[] = {0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        uint8_t bytes[2048] = {0};
        uint32_t length = from_hex(bytes, messages[i]);
        for (uint32_t at = 0; at < length; at++)
            for (size_t k = 0; k < sizeof values; k++) {
                uint8_t kept = bytes[at];
                bytes[at] = values[k];
                view v = open_bytes(bytes, length, length);
                check_sane(&v.m, "changed message");
                walk_tlvs(&v.m, "changed message");
                close_view(&v);
                bytes[at] = kept;
            }
    }
}

/* ---- broken messages ---- */

static void check_problems(const char *what, const char *hex, uint32_t wanted)
{
    view v = open_view(hex);
    check_sane(&v.m, what);
    CHECK(v.m.problems == wanted, "%s: problems %u, not %u", what, v.m.problems, wanted);
    close_view(&v);
}

static void test_broken(void)
{
    check_problems("3 bytes", "010203", MESSAGE_SHORT_HEADER);
    check_problems("nothing", "", MESSAGE_SHORT_HEADER);
    check_problems("11 bytes", "0001 0000 0001 0000 0000 00", MESSAGE_SHORT_HEADER);
    check_problems("a question that is not there", "0001 0100 0001 0000 0000 0000", MESSAGE_BAD_NAME);
    check_problems("a label of a reserved type", "0001 0100 0001 0000 0000 0000 41 00 0001 0001",
                   MESSAGE_RESERVED_LABEL);
    check_problems("a name without an end", "0001 0100 0001 0000 0000 0000 04 'test'", MESSAGE_BAD_NAME);
    check_problems("65535 records promised", "0001 8100 0000 ffff ffff ffff", MESSAGE_BAD_NAME);
    check_problems("OPT whose RDLENGTH runs past the end",
                   "0001 8107 0000 0000 0000 0001 00 0029 04d0 01000000 0040 000a 0008 3132333435363738",
                   MESSAGE_OVERRUN);
    check_problems("an option that runs past its OPT",
                   "0001 8107 0000 0000 0000 0001 00 0029 04d0 01000000 000c 000a 0009 3132333435363738",
                   MESSAGE_OVERRUN);
    check_problems("an option header of 3 bytes", "0001 8107 0000 0000 0000 0001 00 0029 04d0 01000000 0003 000a00",
                   MESSAGE_OVERRUN);
}

/* Its upper bits are read, though its options are not. */
static void test_opt_overrun_keeps_code(void)
{
    view v = open_view("0001 8107 0000 0000 0000 0001 00 0029 04d0 01000000 0040 000a 0008 3132333435363738");
    CHECK(v.m.rcode_known && dns_message_rcode(&v.m) == 23, "rcode %u", dns_message_rcode(&v.m));
    close_view(&v);
}

/* OPT may lie in what was not captured: then nothing is said of the upper bits. */
static void test_unknown_code(void)
{
    uint8_t bytes[256] = {0};
    uint32_t length = from_hex(bytes, badcookie);
    view v = open_bytes(bytes, 30, length);
    CHECK(!v.m.rcode_known && !v.m.has_opt, "a code is claimed that was not captured");
    close_view(&v);
    v = open_bytes(bytes, 12, length);
    CHECK(!v.m.rcode_known && v.m.header_rcode == 7, "the header is there, the code is not");
    close_view(&v);
}

static void test_cookies(void)
{
    view v = open_view(
        "0001 0100 0000 0000 0000 0001 00 0029 04d0 00000000 0017 000a 0008 3132333435363738 000a 0007 41424344454647");
    CHECK(v.m.cookie.count == 2 && v.m.cookie.length == 8 && v.m.cookie.data[0] == '1', "the first of two counts");
    close_view(&v);
    v = open_view("0001 0100 0000 0000 0000 0001 00 0029 04d0 00000000 0004 000a 0000");
    CHECK(v.m.cookie.count == 1 && v.m.cookie.data && v.m.cookie.length == 0, "an empty COOKIE option is one");
    close_view(&v);
    v = open_view("0001 0100 0000 0000 0000 0002 00 0029 04d0 00000000 0000 00 0029 04d0 01000000 000c 000a 0008 "
                  "3132333435363738");
    CHECK(v.m.has_opt && v.m.extended_rcode == 0 && v.m.cookie.count == 0, "of two OPT records the first counts");
    close_view(&v);
    v = open_view("0001 8100 0000 0001 0000 0000 00 0029 04d0 01000000 0000");
    CHECK(!v.m.has_opt, "OPT belongs in the additional section");
    close_view(&v);
}

static void test_other_options(void)
{
    view v = open_view(
        "0001 8105 0000 0000 0000 0001 00 0029 04d0 00000000 001d 000b 0002 0064 000f 0012 0012 'Cookie is missing'");
    CHECK(v.m.problems == MESSAGE_OVERRUN, "a byte left over behind the options");
    close_view(&v);
    v = open_view(
        "0001 8105 0000 0000 0000 0001 00 0029 04d0 00000000 001d 000b 0002 0064 000f 0013 0012 'Cookie is missing'");
    CHECK(v.m.problems == 0 && v.m.has_tcp_keepalive && v.m.has_cookie_ede, "keepalive and EDE");
    close_view(&v);
    v = open_view("0001 8105 0000 0000 0000 0001 00 0029 04d0 00000000 000a 000f 0006 0012 'cook'");
    CHECK(v.m.problems == 0 && !v.m.has_cookie_ede, "an EDE about something else");
    close_view(&v);
}

/* ---- names ---- */

static void check_name(const char *hex, uint32_t offset, bool compressed, uint32_t behind, const char *wanted)
{
    uint8_t bytes[1024] = {0};
    uint32_t length = from_hex(bytes, hex);
    uint8_t *block = malloc(length ? length : 1);
    memcpy(block, bytes, length);
    char text[DNS_NAME_TEXT_MAX] = "?";
    uint32_t said = dns_name_read(block, length, offset, compressed, text);
    CHECK(said == behind && strcmp(text, wanted) == 0, "%s at %u: \"%s\", %u", hex, offset, text, said);
    free(block);
}

static void test_names(void)
{
    check_name("00", 0, true, 1, ".");
    check_name("01 'a' 04 'test' 00", 0, true, 8, "a.test");
    check_name("04 'test' 00 01 'a' c000", 6, true, 10, "a.test");
    check_name("04 'test' 00 01 'a' c000", 6, false, 0, "");
    check_name("c000", 0, true, 0, "");          /* points to itself */
    check_name("01 'a' c000", 0, true, 0, "");   /* a loop */
    check_name("c002 c000", 2, true, 0, "");     /* two that point at each other */
    check_name("c004 00 00 00", 0, true, 0, ""); /* forwards */
    check_name("c0", 0, true, 0, "");            /* half a pointer */
    check_name("05 'abc'", 0, true, 0, "");      /* cut */
    check_name("40", 0, true, 0, "");            /* unknown kind of label */
    check_name("", 0, true, 0, "");
    check_name("00", 7, true, 0, "");                         /* begins behind the bytes */
    check_name("03 2e 5c 1b 00", 0, true, 5, "\\.\\\\\\027"); /* nothing reaches a terminal as itself */
    check_name("02 20 ff 00", 0, true, 4, "\\032\\255");
}

/* 255 bytes on the wire are a name, 256 are none; the longest text fits its room. */
static void test_longest_names(void)
{
    uint8_t bytes[300] = {0};
    char text[DNS_NAME_TEXT_MAX];
    uint32_t at = 0;
    for (int i = 0; i < 3; i++) {
        bytes[at++] = 63;
        memset(bytes + at, 0xff, 63);
        at += 63;
    }
    bytes[at++] = 61;
    memset(bytes + at, 0xff, 61);
    at += 61;
    bytes[at++] = 0;
    CHECK(at == 255 && dns_name_read(bytes, at, 0, true, text) == 255 && strlen(text) == 250 * 4 + 3, "255 bytes");
    CHECK(dns_name_skip(bytes, at, 0) == 255, "255 bytes are passed over");
    bytes[192] = 62;
    bytes[254] = 0xff;
    bytes[255] = 0;
    CHECK(dns_name_read(bytes, 256, 0, true, text) == 0 && !*text, "256 bytes are no name");
    CHECK(dns_name_skip(bytes, 256, 0) == 0, "256 bytes are not passed over");
}

int main(void)
{
    test_query();
    test_badcookie();
    test_cut_cookie();
    test_answer();
    test_tsig();
    test_dso();
    test_question_hash();
    test_prefixes();
    test_mutations();
    test_broken();
    test_opt_overrun_keeps_code();
    test_unknown_code();
    test_cookies();
    test_other_options();
    test_names();
    test_longest_names();
    return check_result("message");
}
