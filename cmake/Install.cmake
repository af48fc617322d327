# Where the running Wireshark loads plugins from: the global directory with the rights for it,
# the personal one without. A person can choose: -DDNSRCODE_PLUGIN_DIR=DIR (the folder "epan" included).
set(DNSRCODE_PLUGIN_DIR "" CACHE PATH "Install the plugin here (default: global with the rights for it, else personal)")
set(DNSRCODE_PROFILE_DIR "" CACHE PATH "Install the Wireshark profile below here (default: as for the plugin)")
set(dnsrcode_global "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
# Wireshark names the folder of a version X.Y; on macOS X-Y.
get_filename_component(dnsrcode_version_folder "${Wireshark_PLUGIN_LIBDIR}" NAME)
set(dnsrcode_personal "$ENV{HOME}/.local/lib/wireshark/plugins/${dnsrcode_version_folder}/epan")

execute_process(COMMAND id -u OUTPUT_VARIABLE dnsrcode_uid OUTPUT_STRIP_TRAILING_WHITESPACE)
if(dnsrcode_uid STREQUAL "0")
  set(dnsrcode_destination "${dnsrcode_global}")
  set(dnsrcode_profiles "${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles")
else()
  set(dnsrcode_destination "${dnsrcode_personal}")
  set(dnsrcode_profiles "$ENV{HOME}/.config/wireshark/profiles")
  if(DEFINED ENV{XDG_CONFIG_HOME})
    set(dnsrcode_profiles "$ENV{XDG_CONFIG_HOME}/wireshark/profiles")
  endif()
endif()
if(DNSRCODE_PLUGIN_DIR)
  set(dnsrcode_destination "${DNSRCODE_PLUGIN_DIR}")
endif()
if(DNSRCODE_PROFILE_DIR)
  set(dnsrcode_profiles "${DNSRCODE_PROFILE_DIR}")
endif()
message(STATUS "Wireshark ${Wireshark_VERSION}; 'cmake --install' will put the plugin into ${dnsrcode_destination}")

foreach(script before-install after-install uninstall)
  configure_file(cmake/${script}.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/${script}.cmake" @ONLY)
endforeach()
install(SCRIPT "${CMAKE_CURRENT_BINARY_DIR}/before-install.cmake" COMPONENT plugin)
install(TARGETS dnsrcode LIBRARY DESTINATION "${dnsrcode_destination}" COMPONENT plugin)
install(SCRIPT "${CMAKE_CURRENT_BINARY_DIR}/after-install.cmake" COMPONENT plugin)
# By choice: cmake --install build --component profile
install(DIRECTORY profile/dnsrcode DESTINATION "${dnsrcode_profiles}" COMPONENT profile EXCLUDE_FROM_ALL)
install(SCRIPT "${CMAKE_CURRENT_BINARY_DIR}/after-install.cmake" COMPONENT profile EXCLUDE_FROM_ALL)

# --- cmake --build build --target uninstall: what 'cmake --install' put there ----------------
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P "${CMAKE_CURRENT_BINARY_DIR}/uninstall.cmake" VERBATIM)

# --- cpack: a Debian package for this machine's Wireshark, whoever builds it -----------------
set(dnsrcode_package "wireshark-plugin-dnsrcode")
set(dnsrcode_packaged_plugins "${Wireshark_PLUGIN_LIBDIR}/epan")
set(packaged COMPONENT package EXCLUDE_FROM_ALL)
install(TARGETS dnsrcode LIBRARY DESTINATION "${dnsrcode_packaged_plugins}" ${packaged})
install(DIRECTORY profile/dnsrcode DESTINATION share/wireshark/profiles ${packaged})
install(FILES README.md CONTRIBUTING.md DESTINATION "share/doc/${dnsrcode_package}" ${packaged})
install(DIRECTORY docs DESTINATION "share/doc/${dnsrcode_package}" ${packaged})
install(FILES cmake/debian-copyright RENAME copyright DESTINATION "share/doc/${dnsrcode_package}" ${packaged})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME "${dnsrcode_package}")
set(CPACK_PACKAGE_CONTACT "dnsrcode <dnsrcode@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wireshark plugin that explains DNS cookies and DSO errors")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Explains the DNS response codes 11 (DSOTYPENI) and 23 (BADCOOKIE) in Wireshark
and tshark: why they were sent, how it ended, and what to do. Brings
statistics, a report for the terminal, and a Wireshark profile.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL package)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # names libwireshark of this version, whose plugin folder it is
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wireshark | tshark")
find_program(DNSRCODE_FILE file)
find_program(DNSRCODE_SHLIBDEPS dpkg-shlibdeps)
if(NOT DNSRCODE_FILE OR NOT DNSRCODE_SHLIBDEPS)
  message(STATUS "cpack needs more to make a package here (Debian, Ubuntu: apt install file dpkg-dev)")
endif()
include(CPack)
