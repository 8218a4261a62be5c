"""Text or call a made-up number of the local carrier, as the carrier's signed webhook; print what is answered.

Usage: play_customer.py STACK_NAME text FROM TO BODY, or play_customer.py STACK_NAME call FROM TO.
"""

import hashlib
import hmac
import json
import secrets
import sys
import urllib.error
import urllib.request

import boto3

# How long a call takes: more than a minute, so that it is charged as two.
CALL_SECONDS = 70


def stack_outputs(stack_name):
    """The outputs of the deployed stack, by name."""
    stack = boto3.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def row(table, pk, sk):
    """An item of a table, or nothing."""
    return boto3.resource("dynamodb").Table(table).get_item(Key={"pk": pk, "sk": sk}).get("Item")


def signing_key(vault, url):
    """The key of the account that the address belongs to, opened."""
    item = row(vault, f"WEBHOOK#{url.rsplit('/', 1)[1]}", "KEYS")
    if item is None:
        sys.exit(f"the Vault has no key for {url}")
    context = {"workspace": item["workspace"], "purpose": "webhook-key"}
    return boto3.client("kms").decrypt(CiphertextBlob=item["secret"].value, EncryptionContext=context)["Plaintext"]


def post(url, key, told):
    """Post a webhook that is signed as the local carrier's are."""
    body = json.dumps(told).encode()
    signature = hmac.new(key, url.encode() + b"\n" + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Numberline-Signature": signature}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers)) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


def play(stack_name, kind, caller, number, body=""):
    """What the webhook of a text or a call to `number` is answered."""
    outputs = stack_outputs(stack_name)
    sold = row(outputs["CoreTableName"], "LOCAL", f"SOLD#{number}")
    if sold is None:
        sys.exit(f"{number} is no number of the local carrier, or nobody has it")
    told = {"account": sold["body"]["account"], "id": secrets.token_hex(16), "from": caller, "to": number}
    wired = sold["body"]
    key = signing_key(outputs["VaultTableName"], wired["sms_url"])
    if kind == "text":
        return post(wired["sms_url"], key, told | {"event": "message.received", "body": body})
    answer = post(wired["voice_url"], key, told | {"event": "call.received"})
    ended = {"event": "call.ended", "outcome": "completed", "seconds": CALL_SECONDS}
    post(wired["voice_url"].replace("/voice/", "/status/"), key, told | ended)
    return answer


if __name__ == "__main__":
    if len(sys.argv) != {"text": 6, "call": 5}.get(sys.argv[2] if len(sys.argv) > 2 else ""):
        sys.exit(__doc__)
    print(play(*sys.argv[1:]))
