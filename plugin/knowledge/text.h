/* text.h
 * Filling the slots of a text with the facts of a finding.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_TEXT_H
#define DNSRCODE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "facts.h"

/* The frame numbers that a text names when it is filled: at most two. Returns how many. */
unsigned dns_text_frames(const char *text, const dns_facts *facts, uint32_t frames[2]);

/* Slots: {frame} {other} frame numbers; {n} {m} counts or lengths; {bytes} n as "1 byte", "2 bytes";
 * {times} n as "once", "2 times"; {age} a duration in seconds, in words without its sign; {ahead} "ahead of" or "behind", by its sign; {byte} m as a byte in hex; {timer} a duration in
 * milliseconds, in words; {waited} likewise, with tenths below 10 s; {type} a DSO-TYPE by name, "no readable TLV" where there was none, or it was cut; {id} n as a message ID in hex; {rcode} a code by name; {address} an address (with its port where one is set); {hex} bytes; {name} a domain name.
 *
 * Writes at most `size` bytes with the final NUL and returns the length that the whole
 * text has. A slot that is not in the list is an error of the tables: it is written as
 * it stands, and the unit tests fail on it. */
size_t dns_text_render(char *to, size_t size, const char *text, const dns_facts *facts);

/* Other names for what a text would give away. Each returns memory of the mask. */
typedef struct {
    const char *(*address)(void *data, const dns_endpoint *endpoint);
    const char *(*name)(void *data, const char *name);
    void *data;
} dns_text_mask;

/* Likewise, with the addresses and names that `mask` has for them; NULL: as they are. */
size_t dns_text_render_masked(char *to, size_t size, const char *text, const dns_facts *facts,
                              const dns_text_mask *mask);

/* The text says something, and no frame or name that it speaks of is missing in the facts. */
bool dns_text_applies(const char *text, const dns_facts *facts);

/* "0.3 s", "12 s", "1 min 5 s". */
size_t dns_text_waited(char *to, size_t size, int64_t milliseconds);
/* "15 s", "1 h 12 min", "2 d 3 h": two units at most. */
size_t dns_text_duration(char *to, size_t size, int64_t seconds);
/* A DSO timer of RFC 8490 in milliseconds: "15 s", "250 ms", "infinite" for 0xFFFFFFFF. */
size_t dns_text_timer(char *to, size_t size, uint32_t milliseconds);
/* "192.0.2.1", "2001:db8::1", with ":53" or "]:53" where a port is set. */
size_t dns_text_endpoint(char *to, size_t size, const dns_endpoint *endpoint);

#endif
