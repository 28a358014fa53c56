#!/bin/bash
# Receives one of nlwatch's webhooks on standard input, checks it, and prints the event on standard error:
# WEBHOOK_SECRET=whsec_… socat TCP-LISTEN:8080,bind=127.0.0.1,fork,reuseaddr EXEC:./receive.sh
set -euo pipefail

answer() {
    printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$1"
    exit
}

declare -A header
read -r _ # POST / HTTP/1.1
while IFS=': ' read -r name value && [[ -n ${name%$'\r'} ]]; do header[${name,,}]=${value%$'\r'}; done
body=$(mktemp)
trap 'rm -f "$body"' EXIT
head -c "${header[content-length]:-0}" >"$body"

# https://www.standardwebhooks.com: who has the secret signed these bytes, within the last five minutes.
id=${header[webhook-id]:-} time=${header[webhook-timestamp]:-0}
[[ $time =~ ^[0-9]+$ ]] && ((time > $(date +%s) - 300 && time < $(date +%s) + 300)) || answer '401 Unauthorized'
key=$(base64 -d <<<"${WEBHOOK_SECRET#whsec_}" | od -An -v -tx1 | tr -d ' \n')
wanted=$({ printf '%s.%s.' "$id" "$time"; cat "$body"; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 -w0)
[[ " ${header[webhook-signature]:-} " == *" v1,$wanted "* ]] || answer '401 Unauthorized'

jq -r 'if type == "array" then .[] else . end | [.type, .subject // "", (.data.transitions // [])[]] | join(" ")' "$body" >&2
answer '204 No Content'
