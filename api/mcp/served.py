"""The MCP server → an ASGI application, without sessions.

Any process of the API may answer any call: nothing is kept between two of them, so there is no session
that only one process knows.
"""

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route

from api.mcp.door import PATH


class Served:
    """`app` answers while `run` is entered, which can be done once."""

    def __init__(self, server: MCPServer) -> None:
        self.server = server
        (route,) = server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        ).routes
        assert isinstance(route, Route)  # noqa: S101  # nosec B101  # as the SDK lays it out
        self.app = route.app
        self.run = server.session_manager.run
