#!/usr/bin/env python3
"""Receives nlwatch's webhooks and prints one line for each event: WEBHOOK_SECRET=whsec_… receive.py [PORT]"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
SEEN = {}  # ids: what was delivered once may come again


def genuine(headers, body):
    """https://www.standardwebhooks.com: who has the secret signed these bytes, within the last five minutes."""
    identity, time_text = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
    if not time_text.isdigit() or abs(time.time() - int(time_text)) > 300:
        return False
    signed = f"{identity}.{time_text}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(wanted, given) for given in headers.get("webhook-signature", "").split())


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = 204 if genuine(self.headers, body) else 401
        if status == 204:
            events = json.loads(body)
            for event in events if isinstance(events, list) else [events]:
                if SEEN.setdefault(event["id"], event) is event:
                    print(event["type"], event.get("subject", ""), *event["data"].get("transitions", []), flush=True)
        self.send_response(status)  # only now: what is not answered with 2xx comes again
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080), Receiver)
    print(f"listening on port {server.server_port}", file=sys.stderr, flush=True)
    server.serve_forever()
