"""MCP: an assistant asks, by the same ids as over HTTP. Run it over stdio with `python -m api.mcp`."""
