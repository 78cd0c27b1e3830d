"""SunSpec models, reader and server over Modbus."""
