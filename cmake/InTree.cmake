# The plugin as a part of Wireshark's own build: for Windows and macOS, and for all who build Wireshark themselves.
# Included in plugins/epan/dnsrcode by way of Wireshark's CUSTOM_PLUGIN_SRC_DIR; see docs/building.md.
include(WiresharkPlugin)

string(REPLACE "." ";" dnsrcode_version_parts "${dnsrcode_version}")
set_module_info(dnsrcode ${dnsrcode_version_parts} 0)
set(dnsrcode_sources packet-dnsrcode.c ${shell_sources} ${core_sources})
set_source_files_properties(${dnsrcode_sources} PROPERTIES COMPILE_FLAGS "${WERROR_COMMON_FLAGS}")

# One module for all rooms: Wireshark's macro takes the sources from PLUGIN_FILES.
set(PLUGIN_FILES ${dnsrcode_sources})
add_wireshark_plugin_library(dnsrcode epan)
target_include_directories(dnsrcode PRIVATE plugin)
target_compile_definitions(dnsrcode PRIVATE DNSRCODE_VERSION="${dnsrcode_version}")
target_link_libraries(dnsrcode epan)

# By choice; Wireshark itself does not need it.
option(DNSRCODE_WITH_LIBSODIUM "dnsrcode verifies cookies with the secrets of servers, where libsodium is found" ON)
if(DNSRCODE_WITH_LIBSODIUM)
  find_path(SODIUM_INCLUDE_DIR sodium/crypto_shorthash.h)
  find_library(SODIUM_LIBRARY NAMES sodium libsodium)
endif()
if(DNSRCODE_WITH_LIBSODIUM AND SODIUM_INCLUDE_DIR AND SODIUM_LIBRARY)
  target_compile_definitions(dnsrcode PRIVATE DNSRCODE_LIBSODIUM)
  target_include_directories(dnsrcode SYSTEM PRIVATE ${SODIUM_INCLUDE_DIR})
  target_link_libraries(dnsrcode ${SODIUM_LIBRARY})
else()
  message(STATUS "dnsrcode: without libsodium it will not verify cookies with the secrets of servers")
endif()

install_plugin(dnsrcode epan)

# The compiler looks for what is shadowed; the script also takes members of structs for it.
file(GLOB_RECURSE dnsrcode_headers CONFIGURE_DEPENDS plugin/*.h)
set(dnsrcode_checked ${dnsrcode_sources} ${dnsrcode_headers})
list(FILTER dnsrcode_checked EXCLUDE REGEX "plugin/(statistics|stories)/")
CHECKAPI(NAME dnsrcode
  SWITCHES --nocheck-shadow --group dissectors-prohibited --group dissectors-restricted SOURCES ${dnsrcode_checked})
# A statistic prints, as those of tshark do.
set(dnsrcode_checked ${dnsrcode_sources} ${dnsrcode_headers})
list(FILTER dnsrcode_checked INCLUDE REGEX "plugin/(statistics|stories)/")
CHECKAPI(NAME dnsrcode_statistics SWITCHES --nocheck-shadow --group dissectors-prohibited SOURCES ${dnsrcode_checked})
