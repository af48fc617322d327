"""Golden tests: what tshark prints for every capture, compared with what it is known to print."""
