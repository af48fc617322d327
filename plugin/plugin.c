/* plugin.c
 * What Wireshark looks for in a plugin.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#define WS_BUILD_DLL /* what this file declares public is exported on Windows, not imported */
#include "compat.h"

#include <epan/proto.h>

#if WIRESHARK_AT_LEAST(4, 4)
#include <wsutil/plugins.h>
#endif

void proto_register_dnsrcode(void);
void proto_reg_handoff_dnsrcode(void);

WS_DLL_PUBLIC_DEF const char plugin_version[] = DNSRCODE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

void plugin_register(void)
{
    static proto_plugin dnsrcode;
    dnsrcode.register_protoinfo = proto_register_dnsrcode;
    dnsrcode.register_handoff = proto_reg_handoff_dnsrcode;
    proto_register_plugin(&dnsrcode);
}

/* Asked for since 4.4: "this is a dissector". */
uint32_t plugin_describe(void)
{
#if WIRESHARK_AT_LEAST(4, 4)
    return WS_PLUGIN_DESC_DISSECTOR;
#else
    return 0;
#endif
}
