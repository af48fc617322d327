"""What all tests share: running Wireshark's programs with the plugin just built, and reading what they print."""
