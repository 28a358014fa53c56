#!/usr/bin/env node
// Receives nlwatch's webhooks and prints one line for each event: WEBHOOK_SECRET=whsec_… receive.js [PORT]
'use strict';
const crypto = require('node:crypto');
const http = require('node:http');

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64');
const seen = new Set(); // ids: what was delivered once may come again

// https://www.standardwebhooks.com: who has the secret signed these bytes, within the last five minutes.
function genuine(headers, body) {
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
    if (!(Math.abs(Date.now() / 1000 - Number(time)) <= 300)) return false;
    const wanted = crypto.createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest();
    return signatures.split(' ').some((given) => {
        const bytes = Buffer.from(given.replace(/^v1,/, ''), 'base64');
        return bytes.length === wanted.length && crypto.timingSafeEqual(bytes, wanted);
    });
}

const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (!genuine(request.headers, body)) return response.writeHead(401).end();
    for (const event of [JSON.parse(body)].flat()) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        console.log(event.type, event.subject ?? '', ...(event.data.transitions ?? []));
    }
    response.writeHead(204).end(); // only now: what is not answered with 2xx comes again
});
server.listen(process.argv[2] ?? 8080, '127.0.0.1', () => console.error(`listening on port ${server.address().port}`));
