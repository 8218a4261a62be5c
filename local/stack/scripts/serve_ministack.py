"""Start MiniStack with the KMS condition keys that this project's policies rest on.

Policies open a secret of one purpose only, by `kms:EncryptionContext:purpose`. MiniStack checks policies
(AUTH=true) but does not know that key, so it would refuse every decryption. AWS takes the key from the request;
so does this, by adding to the one function that derives condition keys from a request's body.
"""

import json

from ministack import app
from ministack.core import iam_actions


def encryption_context(body):
    """The encryption context that a KMS request names, empty for every other body."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    context = request.get("EncryptionContext") if isinstance(request, dict) else None
    return context if isinstance(context, dict) else {}


def knowing_kms(condition_keys):
    """The same derivation of condition keys, and for KMS the encryption context beside."""

    def derive(service, iam_action, body, params):
        keys = condition_keys(service, iam_action, body, params)
        if service == "kms":
            keys |= {f"kms:encryptioncontext:{name}".lower(): value for name, value in encryption_context(body).items()}
        return keys

    return derive


if __name__ == "__main__":
    iam_actions.request_tag_context = knowing_kms(iam_actions.request_tag_context)
    app.main()
