"""Make the people of the local stack and sign them in; print who they are as JSON.

Usage: identity.py STACK_NAME STATE_DIR. Running it again gives the same people fresh tokens, which last an hour.
"""

import base64
import json
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import boto3
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# `ada` and `ben` tell the demo's story, the next four are for tests of roles, the guests are there to be many.
NAMES = ["ada", "ben", "cleo", "dora", "emil", "fred"] + [f"guest{number:02}" for number in range(1, 61)]


def stack_outputs(stack_name):
    """The outputs of the deployed stack, by name."""
    stack = boto3.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def sign_in(cognito, pool, client, name):
    """Create the person unless there is one, and sign in with the password."""
    email, password = f"{name}@example.com", f"{name}-likes-Numbers-12"
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        )
    except cognito.exceptions.UsernameExistsException:
        pass
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
    tokens = cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH", ClientId=client, AuthParameters={"USERNAME": email, "PASSWORD": password}
    )["AuthenticationResult"]
    return {
        "sub": decoded(tokens["AccessToken"].split(".")[1])["sub"],
        "email": email,
        "password": password,
        "access_token": tokens["AccessToken"],
        "id_token": tokens["IdToken"],
    }


def machine_token(endpoint, client, secret):
    """A token by client credentials, from the same path that the pool's domain serves on AWS."""
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": "numberline/admin"})
    request = urllib.request.Request(
        f"{endpoint}/oauth2/token",
        data=form.encode(),
        headers={"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


def encoded(value):
    """JSON or bytes as a part of a token."""
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(part):
    """The JSON in a part of a token."""
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def refused_tokens(token, pool, state):
    """Copies of a good token with one fault each. MiniStack keeps the pool's key in its state, so that an expired
    token here is one the pool itself has signed, and only its age can be why it is refused."""
    pool_key = serialization.load_pem_private_key((state / f"cognito-pool-keys/{pool}-access.pem").read_bytes(), None)
    other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    header, claims = (decoded(part) for part in token.split(".")[:2])

    def signed(key, changes):
        text = f"{encoded(header)}.{encoded(claims | changes)}"
        return f"{text}.{encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    hour = 3600
    return {
        "expired": signed(pool_key, {"iat": int(time.time()) - 2 * hour, "exp": int(time.time()) - hour}),
        "wrong_issuer": signed(pool_key, {"iss": claims["iss"] + "Other"}),
        "wrong_audience": signed(pool_key, {"client_id": "another-application"}),
        "wrong_signature": signed(other_key, {}),
    }


def main(stack_name, state):
    """Everybody who may call the API, and what must not work."""
    cognito = boto3.client("cognito-idp")
    outputs = stack_outputs(stack_name)
    pool, people, machine = (outputs[name] for name in ("UserPoolId", "PeopleClientId", "MachineClientId"))
    secret = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=machine)["UserPoolClient"]["ClientSecret"]
    users = {name: sign_in(cognito, pool, people, name) for name in NAMES}
    identity = {
        "issuer": outputs["Issuer"],
        "user_pool_id": pool,
        "people_client_id": people,
        "machine_client_id": machine,
        "machine_client_secret": secret,
        "machine_token": machine_token(cognito.meta.endpoint_url, machine, secret),
        "users": users,
        "refused_tokens": refused_tokens(users[NAMES[0]]["access_token"], pool, state),
    }
    return {"outputs": outputs, "identity": identity}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
