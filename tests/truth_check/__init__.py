"""Truth tests: what the plugin says against what a human expert finds."""
