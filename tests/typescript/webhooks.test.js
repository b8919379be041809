// The stock verifier for JavaScript takes what is sent; webhook.json is written and checked by the tests in Python.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const { secrets, headers, body } = JSON.parse(readFileSync(new URL("webhook.json", import.meta.url)));

test("what is sent is verified with the new secret and with the one before, within five minutes", () => {
  const sent = Number(headers["webhook-timestamp"]) * 1000;
  mock.timers.enable({ apis: ["Date"], now: sent + 60_000 });
  for (const secret of secrets) {
    const event = new Webhook(secret).verify(body, headers);
    assert.equal(event.type, "content.changed");
    assert.equal(event.data.id, 14);
    assert.throws(() => new Webhook(secret).verify(`${body} `, headers), WebhookVerificationError);
  }
  const other = new Webhook("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  assert.throws(() => other.verify(body, headers), WebhookVerificationError);
  mock.timers.setTime(sent + 6 * 60_000);
  assert.throws(() => new Webhook(secrets[0]).verify(body, headers), WebhookVerificationError);
  mock.timers.reset();
});
