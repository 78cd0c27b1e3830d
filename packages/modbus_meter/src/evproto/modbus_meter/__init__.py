"""Energy meters over Modbus, and OCMF signed meter values."""
