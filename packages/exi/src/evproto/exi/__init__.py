"""W3C EXI 1.0: declared messages, XSD schemas, XML and JSON for people to read."""
