#!/bin/sh
# Says which link goes down, and why: down.sh [STREAM-SOCKET]
# The socket speaks at once: a hello, all that is there, then each change. transitions is [] in all but changes.

nc -dU "${1:-/run/nlwatch/stream.sock}" |
    jq --unbuffered -c 'select(.transitions | index("state_down")) | [.time, .object.ifname, .object.state_reason]'
