"""What a trader would write in an evening: the same calls with `requests`, nothing checked."""

import hashlib
import hmac
import json
import sys
import time
from urllib.parse import urlencode

import requests

authority, base, *address_urls = sys.argv[1:]
key = json.load(sys.stdin)
session = requests.Session()
session.verify = authority
session.headers["X-MBX-APIKEY"] = key["api_key"]
offset = session.get(f"{base}/api/v3/time", timeout=10).json()["serverTime"] - time.time() * 1000
query = urlencode({"recvWindow": 5000, "timestamp": round(time.time() * 1000 + offset)})
signature = hmac.new(key["secret"].encode(), query.encode(), hashlib.sha256).hexdigest()
url = f"{base}/sapi/v1/account/apiRestrictions?{query}&signature={signature}"
rights = session.get(url, timeout=10).json()
addresses = [requests.get(url, timeout=10, verify=authority).text for url in address_urls]
safe = rights["ipRestrict"] and not rights["enableWithdrawals"] and len(set(addresses)) == 1
print(json.dumps({"safe": safe, "rights": rights, "addresses": addresses}))
