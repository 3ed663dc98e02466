"""The same calls for a whole account through ccxt, one key after another. Prints the milliseconds."""

import json
import sys
import time

import ccxt

authority = sys.argv[1]
account = json.load(sys.stdin)

CALLS = {
    "binance": ("publicGetTime", "sapiGetAccountApiRestrictions"),
    "okx": ("publicGetPublicTime", "privateGetAccountConfig"),
    "bybit": ("publicGetV5MarketTime", "privateGetV5UserQueryApi"),
    "kucoin": ("publicGetTimestamp", "privateGetUserApiKey"),
    "gate": ("publicSpotGetTime", "privateAccountGetDetail", "privateAccountGetMainKeys"),
    "bitget": ("publicCommonGetV2PublicTime", "privateSpotGetV2SpotAccountInfo"),
    "coinbase": ("v3PublicGetBrokerageTime", "v3PrivateGetBrokerageKeyPermissions"),
}


def pointed(value, base):
    """The address table of a client with every real server replaced by the practice one."""
    if isinstance(value, dict):
        return {name: pointed(inner, base) for name, inner in value.items()}
    path = value.split("://", 1)[1].partition("/")[2] if "://" in value else ""
    return f"{base}/{path}".rstrip("/")


def client(name, base, key):
    made = getattr(ccxt, name)(
        {"apiKey": key["api_key"], "secret": key["secret"], "password": key["passphrase"]}
    )
    made.urls["api"] = pointed(made.urls["api"], base)
    made.session.trust_env = False
    made.validateServerSsl = authority
    return made


clients = [
    (client(name, told["base"], key), CALLS[name])
    for name, told in account.items()
    for key in told["keys"]
]
started = time.perf_counter()
for made, calls in clients:
    for call in calls:
        getattr(made, call)()
print(json.dumps({"milliseconds": (time.perf_counter() - started) * 1000}))
