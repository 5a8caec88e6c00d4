"""How the bot gets its updates: long polling or a webhook, never both."""

import re
from urllib.parse import urlsplit

from sandbox.errors import RefusalError, bad_request
from sandbox.message import Json
from sandbox.webhook import Hook
from sandbox.world import World

ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
PORTS = (80, 88, 443, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def get_updates(world: World, params: Json) -> list[Json]:
    """getUpdates."""
    if world.webhook.hook:
        raise RefusalError(409, ACTIVE)
    if "allowed_updates" in params:
        world.updates.allow(params["allowed_updates"])
    return await world.updates.poll(
        offset=params.get("offset", 0), limit=params.get("limit", 100), timeout=params.get("timeout", 0)
    )


def set_webhook(world: World, params: Json) -> bool:
    """setWebhook."""
    url: str = params["url"]
    if not url:
        return delete_webhook(world, params)
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise bad_request("bad webhook: Invalid URL specified") from None
    # As a local Bot API server does, plain HTTP is taken on this machine, on any port.
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not local and port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = params.get("secret_token") or ""
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in params:
        world.updates.allow(params["allowed_updates"])
    if params.get("drop_pending_updates"):
        world.updates.clear()
    world.updates.interrupt("Conflict: terminated by setWebhook request")
    most = min(100, max(1, params.get("max_connections", 40)))
    world.webhook.set(Hook(url, secret, most))
    return True


def delete_webhook(world: World, params: Json) -> bool:
    """deleteWebhook."""
    world.webhook.set(None)
    if params.get("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _params: Json) -> Json:
    """getWebhookInfo."""
    return world.webhook.info(world.updates)
