#!/bin/sh
# Says which address becomes usable, and misses none while it is away: usable.sh [HTTP-SOCKET [PLACE]]
# PLACE is a file with the position of the last record that was dealt with.

socket=${1:-/run/nlwatch/http.sock}
place=${2:-usable.place}

while :; do
    since=$(cat "$place" 2>/dev/null)
    # Each line becomes three words: its position or a dash, what it is, and the rest as JSON. Snapshots do not come:
    # the query asks for events.
    curl -sSN --unix-socket "$socket" "http://nlwatch/v1/events?transition=usable${since:+&since=$since}" |
        jq --unbuffered -r '
            if .key then "\(.run):\(.seq) usable \([.object.ifname, .object.local] | tojson)"
            elif .type == "bookmark" then "\(.run):\(.seq) bookmark -"
            elif .type == "gap" then "- gap \(.reason | tojson)"
            elif .type == "error" then "- error \(.message | tojson)"
            else empty end' |
        while read -r position what rest; do
            [ "$what" = bookmark ] || echo "$what $rest" # your work goes here, before the place is written
            [ "$position" = - ] || echo "$position" >"$place"
        done
    sleep 1
done
