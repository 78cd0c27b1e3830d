"""Messages that all V2G languages share: supportedAppProtocol and XML signatures."""
