"""Give the deployed HTTP API the routes of its template.

SAM turns the routes into an OpenAPI body. AWS imports it when it creates the API; MiniStack creates the API
without it. This reads the processed template back and makes the same authorizer, integrations and routes through
the API Gateway calls. Running it again changes what differs and leaves no route that the template lacks.
"""

import json
import re
import sys

import boto3

METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


class Template:
    """The processed template of a deployed stack, with what its intrinsic functions need to be resolved."""

    def __init__(self, stack_name):
        cloudformation = boto3.client("cloudformation")
        self.body = cloudformation.get_template(StackName=stack_name, TemplateStage="Processed")["TemplateBody"]
        if isinstance(self.body, str):
            self.body = json.loads(self.body)
        self.account = boto3.client("sts").get_caller_identity()["Account"]
        self.region = cloudformation.meta.region_name
        stack = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
        self.values = {
            "AWS::StackName": stack_name,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": "aws",
        }
        for parameter in stack.get("Parameters", []):
            self.values[parameter["ParameterKey"]] = parameter["ParameterValue"]
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
        for resource in (row for page in pages for row in page["StackResourceSummaries"]):
            self.values[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]

    def attribute(self, name):
        """The value of a dotted name in `Fn::Sub`: a plain reference, or the ARN of a function."""
        if name.endswith(".Arn"):
            return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.values[name.removesuffix('.Arn')]}"
        return self.values[name]

    def resolve(self, node):
        """The node with the intrinsic functions that SAM leaves in an API's body replaced by their values."""
        if isinstance(node, list):
            return [self.resolve(item) for item in node]
        if not isinstance(node, dict):
            return node
        match node:
            case {"Ref": name}:
                return self.values[name]
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: self.attribute(found[1]), text)
            case {"Fn::If": [condition, yes, no]}:
                return self.resolve(yes if self.resolve(self.body["Conditions"][condition]) else no)
            case {"Fn::Equals": [left, right]}:
                return self.resolve(left) == self.resolve(right)
            case {"Fn::Split": [separator, text]}:
                return self.resolve(text).split(separator)
        unknown = [key for key in node if key.startswith("Fn::")]
        if unknown:
            raise SystemExit(f"import_routes.py does not know {unknown[0]}, which the template's API now uses")
        return {key: self.resolve(value) for key, value in node.items()}


class Api:
    """One HTTP API and what it already has, by the name a second run finds it again."""

    def __init__(self, api_id):
        self.client = boto3.client("apigatewayv2")
        self.id = api_id
        self.authorizers = {item["Name"]: item["AuthorizerId"] for item in self.every("authorizers")}
        self.integrations = {item["IntegrationUri"]: item["IntegrationId"] for item in self.every("integrations")}
        self.routes = {item["RouteKey"]: item["RouteId"] for item in self.every("routes")}

    def every(self, kind):
        """All items of a kind, to the last page."""
        pages = self.client.get_paginator(f"get_{kind}").paginate(ApiId=self.id)
        return [item for page in pages for item in page["Items"]]

    def put_authorizer(self, name, scheme):
        """Create the authorizer, or bring it up to date; returns its id."""
        settings = {
            "Name": name,
            "AuthorizerType": "JWT",
            "IdentitySource": [scheme["identitySource"]],
            "JwtConfiguration": {
                "Issuer": scheme["jwtConfiguration"]["issuer"],
                "Audience": scheme["jwtConfiguration"]["audience"],
            },
        }
        if name in self.authorizers:
            self.client.update_authorizer(ApiId=self.id, AuthorizerId=self.authorizers[name], **settings)
        else:
            self.authorizers[name] = self.client.create_authorizer(ApiId=self.id, **settings)["AuthorizerId"]

    def put_integration(self, uri, version):
        """Create the integration with a function unless it exists; returns its target."""
        if uri not in self.integrations:
            self.integrations[uri] = self.client.create_integration(
                ApiId=self.id, IntegrationType="AWS_PROXY", IntegrationUri=uri, PayloadFormatVersion=version
            )["IntegrationId"]
        return f"integrations/{self.integrations[uri]}"

    def put_route(self, route_key, operation):
        """Create the route, or bring it up to date."""
        integration = operation["x-amazon-apigateway-integration"]
        settings = {
            "RouteKey": route_key,
            "Target": self.put_integration(integration["uri"], integration["payloadFormatVersion"]),
            "AuthorizationType": "NONE",
        }
        for requirement in operation.get("security", []):
            for name in requirement:
                settings |= {"AuthorizationType": "JWT", "AuthorizerId": self.authorizers[name]}
        if route_key in self.routes:
            self.client.update_route(ApiId=self.id, RouteId=self.routes[route_key], **settings)
        else:
            self.client.create_route(ApiId=self.id, **settings)

    def keep_only(self, wanted):
        """Delete the routes whose key is not wanted any more."""
        for route_key in self.routes.keys() - wanted:
            self.client.delete_route(ApiId=self.id, RouteId=self.routes[route_key])


def cors_configuration(body, template):
    """CORS settings as the API Gateway calls spell them. The origins come from the parameter itself: MiniStack
    transforms the template before it knows the parameters' values, and leaves the default in the body."""
    settings = {key[0].upper() + key[1:]: value for key, value in body["x-amazon-apigateway-cors"].items()}
    return settings | {"AllowOrigins": template.values["AllowedOrigins"].split(",")}


def import_routes(template, logical_id):
    """Make the API's authorizers, routes and CORS those of its body; returns the number of routes."""
    body = template.resolve(template.body["Resources"][logical_id]["Properties"]["Body"])
    api = Api(template.values[logical_id])
    for name, scheme in body["components"]["securitySchemes"].items():
        api.put_authorizer(name, scheme["x-amazon-apigateway-authorizer"])
    wanted = set()
    for path, operations in body["paths"].items():
        for method in operations.keys() & METHODS:
            route_key = f"{method.upper()} {path}"
            api.put_route(route_key, operations[method])
            wanted.add(route_key)
    api.keep_only(wanted)
    api.client.update_api(ApiId=api.id, CorsConfiguration=cors_configuration(body, template))
    return len(wanted)


if __name__ == "__main__":
    print(f"{import_routes(Template(sys.argv[1]), 'Api')} routes")
