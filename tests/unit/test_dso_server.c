/* test_dso_server.c
 * The records of servers and DSO: facts before and after a claim, tables that are full.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis/records/dso_server.h"

#include "check.h"

static const dns_endpoint one = {.address = {4, {192, 0, 2, 1}}, .port = 53};
static const dns_endpoint tls = {.address = {4, {192, 0, 2, 1}}, .port = 853};

static unsigned length(const dso_claim *claims)
{
    unsigned n = 0;
    for (; claims; claims = claims->next)
        n++;
    return n;
}

static void test_claims(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &one);
    CHECK(s && dso_servers_get(servers, &one) == s, "a server has one record");
    CHECK(dso_servers_get(servers, &tls) != s, "another port is another server");
    CHECK(!dso_server_claim(servers, NULL, DSO_CLAIM_NO_DSO), "a claim about nobody");
    CHECK(dso_server_claim(servers, s, DSO_CLAIM_NO_DSO) && dso_server_claim(servers, s, DSO_CLAIM_NO_DSO) &&
              dso_server_claim(servers, s, DSO_CLAIM_NO_PUSH),
          "claims of a server of which nothing is known");
    CHECK(length(dso_server_disprove(s, DSO_CLAIM_NO_DSO, 7)) == 2, "both are handed out");
    CHECK(s->known_in == 7, "the frame that shows it");
    CHECK(!dso_server_disprove(s, DSO_CLAIM_NO_DSO, 9) && s->known_in == 7, "once, and the first frame stays");
    CHECK(!dso_server_claim(servers, s, DSO_CLAIM_NO_DSO), "a claim against what is known");
    CHECK(dso_server_claim(servers, s, DSO_CLAIM_NO_PUSH) != NULL, "Push is another matter");
    CHECK(length(dso_server_disprove(s, DSO_CLAIM_NO_PUSH, 8)) == 2, "those of Push");
}

static void test_types(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &tls);
    CHECK(!dso_server_refused_in(s, 0x40), "a type of which nothing is known");
    dso_server_refuse(s, 0x40, 3);
    dso_server_refuse(s, 0x40, 5);
    CHECK(dso_server_refused_in(s, 0x40) == 3, "the first frame that refuses it");
    for (unsigned type = 0; type < 2 * DSO_REFUSED_TYPES_MAX; type++)
        dso_server_refuse(s, (uint16_t)(0xf800 + type), 9);
    CHECK(s->refused_count == DSO_REFUSED_TYPES_MAX && dso_server_refused_in(s, 0x40) == 3, "a full table");
}

static void test_full(dso_servers *servers)
{
    dso_server *s = dso_servers_get(servers, &tls);
    unsigned made = 0;
    while (made <= DSO_CLAIMS_MAX && dso_server_claim(servers, s, DSO_CLAIM_NO_DSO))
        made++;
    CHECK(made == DSO_CLAIMS_MAX, "%u claims", made);
    dns_endpoint e = {.address = {4, {10, 0, 0, 0}}, .port = 53};
    for (unsigned i = 0; i < DSO_SERVERS_MAX; i++) {
        e.address.bytes[2] = (uint8_t)(i >> 8);
        e.address.bytes[3] = (uint8_t)i;
        e.address.bytes[1] = (uint8_t)(i >> 16);
        dso_servers_get(servers, &e);
    }
    e.address.bytes[0] = 11;
    CHECK(!dso_servers_get(servers, &e), "no room for one more");
    CHECK(dso_servers_get(servers, &tls) == s, "those that are there stay");
}

int main(void)
{
    wmem_init();
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    dso_servers *servers = dso_servers_new(scope);
    test_claims(servers);
    test_types(servers);
    test_full(servers);
    wmem_destroy_allocator(scope);
    wmem_cleanup();
    return check_result("dso_server");
}
