"""Writes things of every kind to a control plane as fast as it answers, or tells what is there.

    python control_writer.py ENDPOINT write NAME   prints a line for each write
    python control_writer.py ENDPOINT read         prints `+ KIND NAME` for all that there is

`+ KIND NAME` is printed once the making of a thing is answered, `? KIND NAME` before it is deleted, and `- KIND NAME` once
that is answered.
"""

import sys

from control_asking import client_of, patch

ROLE = "arn:aws:iam::000000000000:role/"
TARGET = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/a/b"
POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"
API_KINDS = {
    "resource": ("get_resources", "items", "path"),
    "authorizer": ("get_authorizers", "items", "id"),
    "model": ("get_models", "items", "name"),
    "validator": ("get_request_validators", "items", "id"),
    "part": ("get_documentation_parts", "items", "id"),
    "version": ("get_documentation_versions", "items", "version"),
    "deployment": ("get_deployments", "items", "id"),
    "stage": ("get_stages", "item", "stageName"),
}
KINDS = {
    "api": ("get_rest_apis", "id"),
    "key": ("get_api_keys", "id"),
    "plan": ("get_usage_plans", "id"),
    "domain": ("get_domain_names", "domainName"),
    "link": ("get_vpc_links", "id"),
    "certificate": ("get_client_certificates", "clientCertificateId"),
    "association": ("get_domain_name_access_associations", "domainNameAccessAssociationArn"),
}


def say(sign, kind, *names):
    print(sign, kind, "/".join(names), flush=True)


def read(client, functions):
    for kind, (call, key) in KINDS.items():
        for thing in getattr(client, call)(limit=500)["items"]:
            say("+", kind, thing[key])
            if kind == "plan":
                for joined in client.get_usage_plan_keys(usagePlanId=thing["id"])["items"]:
                    say("+", "joined", thing["id"], joined["id"])
            if kind == "domain":
                for mapping in client.get_base_path_mappings(domainName=thing[key])["items"]:
                    say("+", "mapping", thing[key], mapping["basePath"])
            if kind == "api":
                for inner, (call, member, name) in API_KINDS.items():
                    more = {} if inner == "stage" else {"limit": 500}
                    for one in getattr(client, call)(restApiId=thing["id"], **more)[member]:
                        say("+", inner, thing["id"], one[name])
                        if inner == "stage":
                            say("+", "tag", thing["id"], one.get("tags", {}).get("a", ""))
                for one in client.get_gateway_responses(restApiId=thing["id"], limit=500)["items"]:
                    if not one["defaultResponse"]:
                        say("+", "response", thing["id"], one["responseType"])
                try:
                    functions.get_policy(FunctionName=thing["id"])
                    say("+", "permission", thing["id"])
                except functions.exceptions.ResourceNotFoundException:
                    pass
    say("+", "account", client.get_account().get("cloudwatchRoleArn", ""))


def write(client, functions, name):
    number = 0
    while True:
        number += 1
        label = f"{name}{number}"
        made = client.create_rest_api(name=label)
        api, root = made["id"], made["rootResourceId"]
        say("+", "api", api)
        client.create_resource(restApiId=api, parentId=root, pathPart=label)
        say("+", "resource", api, f"/{label}")
        method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
        client.put_method(**method, authorizationType="NONE")
        client.put_integration(**method, type="MOCK")
        say("+", "authorizer", api, client.create_authorizer(restApiId=api, name="a", type="COGNITO_USER_POOLS", providerARNs=[POOL], identitySource="method.request.header.A")["id"])
        say("+", "model", api, client.create_model(restApiId=api, name="Made", contentType="application/json", schema='{"type":"object"}')["name"])
        say("+", "validator", api, client.create_request_validator(restApiId=api, name="v")["id"])
        say("+", "response", api, client.put_gateway_response(restApiId=api, responseType="THROTTLED", statusCode="420")["responseType"])
        say("+", "part", api, client.create_documentation_part(restApiId=api, location={"type": "API"}, properties="{}")["id"])
        say("+", "deployment", api, client.create_deployment(restApiId=api, stageName="dev")["id"])
        say("+", "stage", api, "dev")
        say("+", "version", api, client.create_documentation_version(restApiId=api, documentationVersion="1")["version"])
        client.tag_resource(resourceArn=f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/dev", tags={"a": label})
        say("+", "tag", api, label)
        key = client.create_api_key(name=label)["id"]
        say("+", "key", key)
        plan = client.create_usage_plan(name=label)["id"]
        say("+", "plan", plan)
        client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
        say("+", "joined", plan, key)
        domain = f"{label}.example"
        arn = client.create_domain_name(domainName=domain, endpointConfiguration={"types": ["PRIVATE"]})["domainNameArn"]
        say("+", "domain", domain)
        client.create_base_path_mapping(domainName=domain, basePath="shop", restApiId=api, stage="dev")
        say("+", "mapping", domain, "shop")
        association = client.create_domain_name_access_association(domainNameArn=arn, accessAssociationSourceType="VPCE", accessAssociationSource="vpce-1")["domainNameAccessAssociationArn"]
        say("+", "association", association)
        link = client.create_vpc_link(name=label, targetArns=[TARGET])["id"]
        say("+", "link", link)
        certificate = client.generate_client_certificate()["clientCertificateId"]
        say("+", "certificate", certificate)
        functions.add_permission(FunctionName=api, StatementId="s", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com")
        say("+", "permission", api)
        say("?", "account", ROLE + f"{name}{number - 1}")
        client.update_account(patchOperations=patch(("replace", "/cloudwatchRoleArn", ROLE + label)))
        say("-", "account", ROLE + f"{name}{number - 1}")
        say("+", "account", ROLE + label)
        if number % 2:
            continue
        # It goes with the stage.
        say("?", "tag", api, label)
        for kind, names, delete in [
            ("joined", (plan, key), lambda: client.delete_usage_plan_key(usagePlanId=plan, keyId=key)),
            ("key", (key,), lambda: client.delete_api_key(apiKey=key)),
            ("plan", (plan,), lambda: client.delete_usage_plan(usagePlanId=plan)),
            ("mapping", (domain, "shop"), lambda: client.delete_base_path_mapping(domainName=domain, basePath="shop")),
            ("association", (association,), lambda: client.delete_domain_name_access_association(domainNameAccessAssociationArn=association)),
            ("domain", (domain,), lambda: client.delete_domain_name(domainName=domain)),
            ("link", (link,), lambda: client.delete_vpc_link(vpcLinkId=link)),
            ("certificate", (certificate,), lambda: client.delete_client_certificate(clientCertificateId=certificate)),
            ("permission", (api,), lambda: functions.remove_permission(FunctionName=api, StatementId="s")),
            ("stage", (api, "dev"), lambda: client.delete_stage(restApiId=api, stageName="dev")),
        ]:
            say("?", kind, *names)
            delete()
            say("-", kind, *names)


def main():
    endpoint, task, *name = sys.argv[1:]
    client, functions = client_of(endpoint), client_of(endpoint, "lambda")
    if task == "read":
        return read(client, functions)
    try:
        write(client, functions, *name)
    except Exception:  # the gateway is gone
        return


if __name__ == "__main__":
    main()
