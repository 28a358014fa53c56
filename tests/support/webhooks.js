// What receivers say of deliveries, by the libraries that receivers use. One a line on standard input, as JSON:
// {headers, body, secret}; without a secret nothing need be signed. One verdict a line on standard output:
// {signature, envelope, events}, the first two null where it is well, else what is wrong in words.
"use strict";
const readline = require("node:readline");
const { isDeepStrictEqual } = require("node:util");
const { Webhook } = require("standardwebhooks");
const { HTTP } = require("cloudevents");

function wrong(check) {
    try {
        check();
        return null;
    } catch (error) {
        const details = (error.errors || []).map((it) => `${it.instancePath} ${it.message}`);
        return [error.message, ...details].join("; ");
    }
}

// The library puts something good in the place of an empty id, or of a time that is none.
function unchanged(event, raw) {
    for (const [name, value] of Object.entries(event)) {
        if (name === "time" && !("time" in raw)) continue; // it may be missing; the library puts in its own
        const sent = name === "time" ? new Date(raw.time).toISOString() : raw[name];
        if (!isDeepStrictEqual(sent, value)) throw new Error(`${name} was ${JSON.stringify(raw[name])}`);
    }
}

function judge({ headers, body, secret }) {
    let events = [];
    return {
        signature: secret ? wrong(() => new Webhook(secret).verify(body, headers)) : null,
        envelope: wrong(() => {
            // cloneWith() is strict, which toEvent() is not: names of attributes, and the schema.
            events = [HTTP.toEvent({ headers, body })].flat().map((it) => it.cloneWith({}, true));
            const raw = [JSON.parse(body)].flat();
            events.forEach((it, i) => unchanged(it.toJSON(), raw[i]));
        }),
        events,
    };
}

const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
lines.on("line", (line) => process.stdout.write(JSON.stringify(judge(JSON.parse(line))) + "\n"));
