/* preferences.c
 * What users can set: corrections, message source, the table of server secrets.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "preferences.h"

#include <arpa/inet.h>

#include <epan/prefs.h>
#include <epan/uat.h>

#include "source/source.h"

dnsrcode_preferences preferences = {.correct_dns = TRUE, .cause_in_info = TRUE, .message_source = SOURCE_AUTO};

/* A row of the table as the user typed it. */
typedef struct {
    char *server, *secret, *comment;
} secret_row;

static secret_row *rows;
static unsigned row_count;
static dns_secret *items;
static dns_secrets secrets;

const dns_secrets *preferences_secrets(void)
{
    return &secrets;
}

static bool parse_server(const char *text, dns_address *address)
{
    memset(address, 0, sizeof *address);
    if (g_ascii_strcasecmp(text, "any") == 0)
        return true;
    if (inet_pton(AF_INET, text, address->bytes) == 1)
        address->length = 4;
    else if (inet_pton(AF_INET6, text, address->bytes) == 1)
        address->length = 16;
    return address->length != 0;
}

static bool parse_secret(const char *text, uint8_t *secret)
{
    if (strlen(text) != 2 * COOKIE_SECRET_LENGTH)
        return false;
    for (unsigned i = 0; i < COOKIE_SECRET_LENGTH; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]), low = g_ascii_xdigit_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        secret[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* ---- the table (Wireshark's "UAT") ---- */

static void *copy_row(void *to, const void *from, size_t length _U_)
{
    secret_row *target = (secret_row *)to;
    const secret_row *source = (const secret_row *)from;
    target->server = g_strdup(source->server);
    target->secret = g_strdup(source->secret);
    target->comment = g_strdup(source->comment);
    return to;
}

static void free_row(void *record)
{
    secret_row *row = (secret_row *)record;
    g_free(row->server);
    g_free(row->secret);
    g_free(row->comment);
}

/* The message never repeats the secret: it may end up in a log. */
static ws_bool check_row(void *record, char **error)
{
    secret_row *row = (secret_row *)record;
    dns_address address;
    uint8_t secret[COOKIE_SECRET_LENGTH];
    *error = NULL;
    if (!parse_server(row->server ? row->server : "", &address))
        *error = g_strdup_printf("\"%s\" is not an IP address; write the server's address or \"any\".",
                                 row->server ? row->server : "");
    else if (!parse_secret(row->secret ? row->secret : "", secret))
        *error = g_strdup("The secret must have 16 bytes, written as 32 hexadecimal digits.");
    return *error == NULL;
}

static void use_rows(void)
{
    g_free(items);
    items = g_new0(dns_secret, row_count + 1);
    secrets.items = items;
    secrets.count = 0;
    for (unsigned i = 0; i < row_count; i++) {
        dns_secret *item = &items[secrets.count];
        if (parse_server(rows[i].server, &item->server) && parse_secret(rows[i].secret, item->secret))
            secrets.count++;
    }
}

UAT_CSTRING_CB_DEF(secret_rows, server, secret_row)
UAT_CSTRING_CB_DEF(secret_rows, secret, secret_row)
UAT_CSTRING_CB_DEF(secret_rows, comment, secret_row)

static void register_secrets(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING(secret_rows, server, "Server", "Address of the server, or \"any\""),
        UAT_FLD_CSTRING(secret_rows, secret, "Secret", "Server secret: 16 bytes as 32 hexadecimal digits"),
        UAT_FLD_CSTRING(secret_rows, comment, "Comment", "For you"),
        UAT_END_FIELDS,
    };
    uat_t *table =
        uat_new("DNS server secrets", sizeof(secret_row), "dnsrcode_secrets", TRUE, (void **)&rows, &row_count,
                UAT_AFFECTS_DISSECTION, NULL, copy_row, check_row, free_row, use_rows, NULL, fields);
    prefs_register_uat_preference(module, "secrets", "Server secrets",
                                  "Secrets of DNS servers, to verify the server cookies that they issued (RFC 9018)",
                                  table);
}

void preferences_register(int protocol)
{
    /* Others, such as the "taps" of old preference files, mean the default. */
    static const enum_val_t sources[] = {
        {"auto", "Automatic", SOURCE_AUTO}, {"tree", "Protocol tree (slower)", SOURCE_TREE}, {NULL, NULL, 0}};
    module_t *module = prefs_register_protocol(protocol, NULL);
    prefs_register_bool_preference(module, "correct_dns", "Correct what the DNS dissector shows",
                                   "Name the joined response code in the Info column and hide \"Malformed Packet\" on "
                                   "valid messages",
                                   &preferences.correct_dns);
    prefs_register_bool_preference(
        module, "cause_in_info", "Show the cause in the Info column",
        "Name the cause, or the broken rule, of everything from \"note\" on in the Info column",
        &preferences.cause_in_info);
    prefs_register_enum_preference(module, "message_source", "Source of messages",
                                   "Where the DNS messages come from when a capture is read",
                                   &preferences.message_source, sources, FALSE);
    register_secrets(module);
}
