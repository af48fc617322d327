/* preferences.c
 * What users can set: corrections, message source, the table of server secrets.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "preferences.h"

#include <glib/gstdio.h>

#include <epan/prefs.h>
#include <epan/uat.h>
#include <wsutil/filesystem.h>
#include <wsutil/inet_addr.h>

#include "source/source.h"

dnsrcode_preferences preferences = {.correct_dns = TRUE, .cause_in_info = TRUE, .message_source = SOURCE_AUTO};

/* A row of the table as the user typed it. */
typedef struct {
    char *server, *secret, *comment;
} secret_row;

static const char secrets_file[] = "dnsrcode_secrets";
static secret_row *rows;
static unsigned row_count;
static GArray *items; /* dns_secret: one for each server of a row */
static dns_secrets secrets;

const dns_secrets *preferences_secrets(void)
{
    return &secrets;
}

static unsigned address_bits(const dns_address *server)
{
    return 8u * server->length;
}

/* "any", "192.0.2.53", "192.0.2.0/24", and the same for IPv6. */
static bool parse_server(const char *text, dns_secret *secret)
{
    memset(&secret->server, 0, sizeof secret->server);
    secret->host_bits = 0;
    if (g_ascii_strcasecmp(text, "any") == 0)
        return true;
    char **parts = g_strsplit(text, "/", 2);
    ws_in4_addr v4;
    ws_in6_addr v6;
    if (ws_inet_pton4(parts[0], &v4)) {
        secret->server.length = sizeof v4;
        memcpy(secret->server.bytes, &v4, sizeof v4);
    } else if (ws_inet_pton6(parts[0], &v6)) {
        secret->server.length = sizeof v6;
        memcpy(secret->server.bytes, &v6, sizeof v6);
    }
    bool good = secret->server.length != 0;
    if (good && parts[1]) {
        uint64_t prefix;
        good = g_ascii_string_to_unsigned(parts[1], 10, 0, address_bits(&secret->server), &prefix, NULL);
        secret->host_bits = good ? (uint8_t)(address_bits(&secret->server) - prefix) : 0;
    }
    g_strfreev(parts);
    return good;
}

/* The servers of a row, one by one, each with the row's secret, appended to `to` (which may be NULL). False when one of them,
 * then in `bad` to be freed, is none, or when there is none. */
static bool parse_servers(const char *text, const uint8_t *key, GArray *to, char **bad)
{
    char **words = g_strsplit_set(text ? text : "", " ,;\t", -1);
    bool any = false, good = true;
    for (char **word = words; good && *word; word++) {
        dns_secret secret;
        if (!**word)
            continue;
        any = true;
        good = parse_server(*word, &secret);
        if (!good && bad)
            *bad = g_strdup(*word);
        memcpy(secret.secret, key, COOKIE_SECRET_LENGTH);
        if (good && to)
            g_array_append_val(to, secret);
    }
    g_strfreev(words);
    return any && good;
}

/* 32 hexadecimal digits, perhaps as "0x…", perhaps with separators: "aa:bb:…". */
static bool parse_secret(const char *text, uint8_t *secret)
{
    unsigned digits = 0;
    if (g_ascii_strncasecmp(text, "0x", 2) == 0)
        text += 2;
    for (; *text; text++) {
        int value = g_ascii_xdigit_value(*text);
        if (value < 0 && strchr(":- ", *text) && digits % 2 == 0)
            continue;
        if (value < 0 || digits == 2 * COOKIE_SECRET_LENGTH)
            return false;
        uint8_t *byte = &secret[digits++ / 2];
        *byte = (uint8_t)(*byte << 4 | value);
    }
    return digits == 2 * COOKIE_SECRET_LENGTH;
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
    uint8_t secret[COOKIE_SECRET_LENGTH] = {0};
    char *bad = NULL;
    *error = NULL;
    if (!COOKIE_HASHES)
        *error = g_strdup("This build of dnsrcode cannot verify cookies: build it with libsodium.");
    else if (!parse_servers(row->server, secret, NULL, &bad))
        *error = g_strdup_printf(
            "\"%s\" is not an IP address or network. Enter the server's address, several, a network such "
            "as 192.0.2.0/24, or \"any\".",
            bad ? bad : "");
    else if (!parse_secret(row->secret ? row->secret : "", secret))
        *error = g_strdup("The secret must have 16 bytes, written as 32 hexadecimal digits.");
    g_free(bad);
    return *error == NULL;
}

/* Wireshark writes the file as readable for everybody. */
static void protect_file(void)
{
    char *path = get_persconffile_path(secrets_file, FALSE);
    GStatBuf status;
    if (g_stat(path, &status) == 0 && (status.st_mode & 077))
        (void)g_chmod(path, status.st_mode & 0700);
    g_free(path);
}

/* Called when the table was read, and when it was changed and written. */
static void use_rows(void)
{
    if (items)
        g_array_free(items, TRUE);
    items = g_array_new(FALSE, TRUE, sizeof(dns_secret));
    for (unsigned i = 0; i < row_count; i++) {
        uint8_t key[COOKIE_SECRET_LENGTH] = {0};
        if (parse_secret(rows[i].secret, key))
            parse_servers(rows[i].server, key, items, NULL);
    }
    secrets = (dns_secrets){(const dns_secret *)(const void *)items->data, items->len};
    protect_file();
}

UAT_CSTRING_CB_DEF(secret_rows, server, secret_row)
UAT_CSTRING_CB_DEF(secret_rows, secret, secret_row)
UAT_CSTRING_CB_DEF(secret_rows, comment, secret_row)

static void register_secrets(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING(secret_rows, server, "Server",
                        "Address of the server, several of them, a network (192.0.2.0/24), or \"any\""),
        UAT_FLD_CSTRING(secret_rows, secret, "Secret",
                        "Secret of the server: 32 hexadecimal digits; 0x and colons are accepted"),
        UAT_FLD_CSTRING(secret_rows, comment, "Comment", "A note for yourself"),
        UAT_END_FIELDS,
    };
    uat_t *table = uat_new("DNS server secrets", sizeof(secret_row), secrets_file, FALSE, (void **)&rows, &row_count,
                           UAT_AFFECTS_DISSECTION, NULL, copy_row, check_row, free_row, use_rows, NULL, fields);
    prefs_register_uat_preference(
        module, "secrets", "Server secrets",
        COOKIE_HASHES ? "Secrets of DNS servers, to verify the server cookies that they issued (RFC 9018)"
                      : "Not available: this build of dnsrcode has no libsodium, which computes the "
                        "hashes in cookies",
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
