/* compat.h
 * What differs between Wireshark 4.0, 4.4 and 4.6; the only place that asks for the version.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DNSRCODE_COMPAT_H
#define DNSRCODE_COMPAT_H

/* libwireshark's headers want these before anything else. */
#include <wireshark.h>

#include <epan/packet.h>
#include <ws_version.h>

#define WIRESHARK_AT_LEAST(major, minor)                                                                               \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* A field's value: held in place until 4.0, pointed to since 4.2. */
#if WIRESHARK_AT_LEAST(4, 2)
#define WS_FVALUE(finfo) (((const field_info *)(finfo))->value)
#else
#define WS_FVALUE(finfo) (&((field_info *)(finfo))->value)
#endif

/* The new name is not known before 4.4, the old one is warned of since. */
#if WIRESHARK_AT_LEAST(4, 4)
#define ws_tvb_get_uint8 tvb_get_uint8
#else
#define ws_tvb_get_uint8 tvb_get_guint8
#endif

/* QUIC puts the pieces of a message together when asked; 4.0 then forgets them all. */
#define WS_QUIC_REASSEMBLES WIRESHARK_AT_LEAST(4, 4)

/* The type of boolean preferences and of several callbacks: GLib's (an int) until 4.2, C's since. */
#if WIRESHARK_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

/* Where entries in menus may stand that open windows of a plugin's own: below Statistics, which 4.0 cannot. */
#if WIRESHARK_AT_LEAST(4, 2)
#define WS_WINDOW_GROUP REGISTER_STAT_GROUP_GENERIC
#else
#define WS_WINDOW_GROUP REGISTER_TOOLS_GROUP_UNSORTED
#endif

/* The menu below Statistics in which Wireshark's own trees of DNS stand: until 4.2 it has one, and no menu. */
#if WIRESHARK_AT_LEAST(4, 4)
#define WS_DNS_TREES "DNS" STATS_TREE_MENU_SEPARATOR
#else
#define WS_DNS_TREES ""
#endif

/* What the init function of a statistic returns: nothing until 4.4, success since. */
#if WIRESHARK_AT_LEAST(4, 6)
typedef bool ws_stat_init;
#define WS_STAT_INIT(success) return (success)
#else
typedef void ws_stat_init;
#define WS_STAT_INIT(success) (void)(success)
#endif

#endif
