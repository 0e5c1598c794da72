"""Makes one of everything with one key in one region, and asks for it with every operation that boto3 knows, with the key
of another account and in another region.

    python control_owners.py ENDPOINT OTHER_KEY OTHER_SECRET

Prints what was told or done that should not have been, and how many calls were made at last.
"""

import sys

from botocore.exceptions import ClientError

from control_offers import value
from control_asking import client_of



def made(client):
    """One of everything: what paths and bodies name, by the names of the model."""
    api = client.create_rest_api(name="owned")
    ids = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "parentId": api["rootResourceId"], "httpMethod": "GET", "statusCode": "200"}
    method = {key: ids[key] for key in ("restApiId", "resourceId", "httpMethod")}
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(**method, type="MOCK")
    client.put_method_response(**method, statusCode="200")
    client.put_integration_response(**method, statusCode="200")
    ids["deploymentId"] = client.create_deployment(restApiId=api["id"], stageName="dev")["id"]
    pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"
    ids["authorizerId"] = client.create_authorizer(restApiId=api["id"], name="a", type="COGNITO_USER_POOLS", providerARNs=[pool], identitySource="method.request.header.A")["id"]
    ids["requestValidatorId"] = client.create_request_validator(restApiId=api["id"], name="v")["id"]
    client.put_gateway_response(restApiId=api["id"], responseType="THROTTLED")
    ids["documentationPartId"] = client.create_documentation_part(restApiId=api["id"], location={"type": "API"}, properties="{}")["id"]
    client.create_documentation_version(restApiId=api["id"], documentationVersion="1")
    ids["apiKey"] = ids["keyId"] = client.create_api_key(name="k")["id"]
    ids["usagePlanId"] = client.create_usage_plan(name="p", apiStages=[{"apiId": api["id"], "stage": "dev"}])["id"]
    client.create_usage_plan_key(usagePlanId=ids["usagePlanId"], keyId=ids["keyId"], keyType="API_KEY")
    domain = client.create_domain_name(domainName="owned.example", endpointConfiguration={"types": ["PRIVATE"]})
    client.create_base_path_mapping(domainName="owned.example", basePath="shop", restApiId=api["id"], stage="dev")
    association = client.create_domain_name_access_association(domainNameArn=domain["domainNameArn"], accessAssociationSourceType="VPCE", accessAssociationSource="vpce-1")
    ids["domainNameAccessAssociationArn"], ids["domainNameArn"] = association["domainNameAccessAssociationArn"], domain["domainNameArn"]
    ids["vpcLinkId"] = client.create_vpc_link(name="l", targetArns=["arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/a/b"])["id"]
    ids["clientCertificateId"] = client.generate_client_certificate()["clientCertificateId"]
    names = {"stageName": "dev", "modelName": "Empty", "documentationVersion": "1", "domainName": "owned.example", "basePath": "shop", "responseType": "THROTTLED", "exportType": "oas30"}
    return {**ids, **names}


def arns(ids):
    region = "arn:aws:apigateway:us-east-1::"
    paths = [f"/restapis/{ids['restApiId']}", f"/restapis/{ids['restApiId']}/stages/dev", f"/apikeys/{ids['apiKey']}", f"/usageplans/{ids['usagePlanId']}", f"/vpclinks/{ids['vpcLinkId']}", f"/clientcertificates/{ids['clientCertificateId']}"]
    return [region + path for path in paths] + [ids["domainNameArn"], ids["domainNameAccessAssociationArn"]]


def counted(answer):
    answer.pop("ResponseMetadata")
    return {key: entry for key, entry in answer.items() if entry not in ([], {}, None)}


def main():
    endpoint, key, secret = sys.argv[1:]
    owner = client_of(endpoint)
    ids = made(owner)
    before = counted(owner.get_rest_api(restApiId=ids["restApiId"]))
    others = [client_of(endpoint, key=key, secret=secret), client_of(endpoint, region="eu-west-1")]
    calls = 0
    for other in others:
        for name, operation in other.meta.method_to_api_mapping.items():
            model = other.meta.service_model.operation_model(operation)
            members = model.input_shape.members
            uri = [key for key, member in members.items() if member.serialization.get("location") == "uri"]
            if name.startswith(("create", "import", "generate")) and "restApiId" not in members or name in ("update_account", "get_sdk_type", "put_rest_api", "import_documentation_parts"):
                continue
            arguments = {**value(model.input_shape), **{key: ids[key] for key in members if key in ids and key != "keyId" or key in uri and key in ids}}
            for arn in arns(ids) if "resourceArn" in members else [None]:
                if arn:
                    arguments["resourceArn"] = arn
                calls += 1
                try:
                    told = counted(getattr(other, name)(**arguments))
                except ClientError as error:
                    if error.response["ResponseMetadata"]["HTTPStatusCode"] not in (400, 404, 409):
                        print(f"{name} {arguments}: {error}")
                    continue
                # Lists of nothing, and what belongs to nobody.
                if told and name not in ("get_account", "get_sdk_types", "get_vpc_link") or name.startswith(("delete", "update", "tag", "untag")):
                    print(f"{name} {arguments}: {told}")
    if counted(owner.get_rest_api(restApiId=ids["restApiId"])) != before or owner.get_usage_plan_keys(usagePlanId=ids["usagePlanId"])["items"] == []:
        print("it was changed")
    print(calls)


if __name__ == "__main__":
    main()
