"""What people do with API Gateway, told with boto3: ten stories, each with what it expects, and every answer held against
the model of the service.

    python control_people.py ENDPOINT [STORY...]
"""

import csv
import io
import json
import sys
import traceback

import control_shapes
from control_asking import Gateway, client_of, equal, fails, patch, told


def a_tutorial_builds_an_api_with_lambda_http_and_mock(gateway):
    client = gateway.client
    made = client.create_rest_api(name="HelloWorld", description="Your first API", endpointConfiguration={"types": ["REGIONAL"]})
    api, root = made["id"], made["rootResourceId"]
    equal(told(client.get_rest_api(restApiId=api)), {**told(made), "tags": {}})
    equal([one["path"] for one in client.get_resources(restApiId=api)["items"]], ["/"])
    resource = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")
    proxy = resource["id"]
    equal(resource["path"], "/{proxy+}")
    fails("BadRequestException", client.create_resource, restApiId=api, parentId=proxy, pathPart="below")
    fails("ConflictException", client.create_resource, restApiId=api, parentId=root, pathPart="{proxy+}")
    method = {"restApiId": api, "resourceId": proxy, "httpMethod": "ANY"}
    client.put_method(**method, authorizationType="NONE", requestParameters={"method.request.path.proxy": True})
    fails("NotFoundException", client.get_integration, **method)
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:hello/invocations"
    put = client.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri, passthroughBehavior="WHEN_NO_MATCH")
    equal((put["type"], put["httpMethod"], put["uri"], put["timeoutInMillis"]), ("AWS_PROXY", "POST", uri, 29000))
    equal(told(client.get_integration(**method)), told(put))
    fails("BadRequestException", client.put_integration, **method, type="HTTP_PROXY", integrationHttpMethod="GET", uri="nowhere")
    put = client.put_integration(
        **method,
        type="HTTP_PROXY",
        integrationHttpMethod="ANY",
        uri="https://backend.example/{proxy}",
        requestParameters={"integration.request.path.proxy": "method.request.path.proxy"},
        cacheKeyParameters=["method.request.path.proxy"],
        timeoutInMillis=5000,
    )
    equal((put["cacheKeyParameters"], put["cacheNamespace"]), (["method.request.path.proxy"], proxy))
    method = gateway.mock(api, root)
    equal(client.get_method(**method)["methodIntegration"]["integrationResponses"]["200"]["responseTemplates"], {"application/json": "hello"})
    deployed = client.create_deployment(restApiId=api, stageName="prod", variables={"color": "blue"}, stageDescription="live")
    stage = client.get_stage(restApiId=api, stageName="prod")
    equal((stage["deploymentId"], stage["variables"], stage["description"]), (deployed["id"], {"color": "blue"}, "live"))
    equal(gateway.get(api, "prod", "/"), (200, "hello"))
    fails("BadRequestException", client.delete_deployment, restApiId=api, deploymentId=deployed["id"])
    client.delete_stage(restApiId=api, stageName="prod")
    fails("NotFoundException", client.delete_stage, restApiId=api, stageName="prod")
    client.delete_deployment(restApiId=api, deploymentId=deployed["id"])
    client.delete_resource(restApiId=api, resourceId=proxy)
    fails("NotFoundException", client.get_resource, restApiId=api, resourceId=proxy)
    client.delete_rest_api(restApiId=api)
    fails("NotFoundException", client.get_rest_api, restApiId=api)


def somebody_sells_an_api_with_keys_plans_and_throttles(gateway):
    client = gateway.client
    api, _ = gateway.api("metered")
    method = {"restApiId": api, "resourceId": client.get_resources(restApiId=api)["items"][0]["id"], "httpMethod": "GET"}
    client.update_method(**method, patchOperations=patch(("replace", "/apiKeyRequired", "true")))
    client.create_deployment(restApiId=api, stageName="dev")
    key = client.create_api_key(name="one", enabled=True, stageKeys=[{"restApiId": api, "stageName": "dev"}], tags={"of": "one"})
    equal(key["stageKeys"], [f"{api}/dev"])
    equal(len(key["value"]), 40)
    assert "value" not in client.get_api_key(apiKey=key["id"])
    equal(client.get_api_key(apiKey=key["id"], includeValue=True)["value"], key["value"])
    fails("NotFoundException", client.create_api_key, name="x", stageKeys=[{"restApiId": "none", "stageName": "dev"}])
    fails("BadRequestException", client.create_api_key, name="short", value="short")
    fails("BadRequestException", client.create_usage_plan, name="bad", quota={"limit": 1, "offset": 3, "period": "DAY"})
    stages = [{"apiId": api, "stage": "dev", "throttle": {"/GET": {"rateLimit": 5.0, "burstLimit": 2}}}]
    plan = client.create_usage_plan(name="gold", apiStages=stages, throttle={"rateLimit": 100.5, "burstLimit": 50}, quota={"limit": 2, "period": "MONTH"})
    equal(plan["quota"], {"limit": 2, "offset": 0, "period": "MONTH"})
    equal(plan["throttle"], {"rateLimit": 100.5, "burstLimit": 50})
    equal(plan["apiStages"], stages)
    headers = {"x-api-key": key["value"]}
    joined = client.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    equal(joined["name"], "one")
    fails("ConflictException", client.create_usage_plan_key, usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    fails("NotFoundException", client.create_usage_plan_key, usagePlanId=plan["id"], keyId="none", keyType="API_KEY")
    equal([gateway.get(api, "dev", "/", given)[0] for given in ({}, headers, headers, headers)], [403, 200, 200, 429])
    usage = client.get_usage(usagePlanId=plan["id"], startDate="2026-01-01", endDate="2026-01-02")
    equal(usage["items"], {key["id"]: [[0, 2], [0, 2]]})
    changes = patch(
        ("replace", "/throttle/rateLimit", "7"),
        ("replace", "/quota/limit", "500"),
        ("replace", f"/apiStages/{api}:dev/throttle/~1/GET/rateLimit", "9"),
        ("replace", "/name", "silver"),
        ("add", "/productCode", "p1"),
    )[:4]
    fails("BadRequestException", client.create_usage_plan, name="bad", throttle={"rateLimit": -1.0, "burstLimit": 1})
    fails("BadRequestException", client.update_usage_plan, usagePlanId=plan["id"], patchOperations=patch(("replace", "/name", "")))
    changed = client.update_usage_plan(usagePlanId=plan["id"], patchOperations=changes)
    equal((changed["name"], changed["throttle"]["rateLimit"], changed["quota"]["limit"]), ("silver", 7.0, 500))
    equal(client.get_usage_plans(keyId=key["id"])["items"][0]["id"], plan["id"])
    fails("BadRequestException", client.delete_usage_plan, usagePlanId=plan["id"])
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=patch(("remove", "/apiStages", f"{api}:dev")))
    client.delete_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"])
    fails("NotFoundException", client.get_usage_plan_key, usagePlanId=plan["id"], keyId=key["id"])
    client.delete_usage_plan(usagePlanId=plan["id"])
    out = io.StringIO()
    csv.writer(out).writerows([["Name", "key", "description", "Enabled", "usageplanIds"], ["a", "a" * 20, "", "TRUE", ""], ["b", "b" * 20, "x, y", "false", "none"]])
    imported = client.import_api_keys(body=out.getvalue().encode(), format="csv")
    equal((len(imported["ids"]), len(imported["warnings"])), (2, 1))
    equal([one["name"] for one in client.get_api_keys(nameQuery="b")["items"]], ["b"])
    for one in [key["id"], *imported["ids"]]:
        client.delete_api_key(apiKey=one)
    client.delete_rest_api(restApiId=api)


def somebody_moves_an_api_under_a_domain_name_of_their_own(gateway):
    client = gateway.client
    api, _ = gateway.api("domain")
    client.create_deployment(restApiId=api, stageName="v1")
    name, arn = "api.people.example", "arn:aws:acm:us-east-1:000000000000:certificate/1"
    made = client.create_domain_name(
        domainName=name,
        regionalCertificateArn=arn,
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
        mutualTlsAuthentication={"truststoreUri": "s3://trust/store.pem"},
        tags={"a": "b"},
    )
    equal((made["domainNameStatus"], made["regionalCertificateArn"], made["tags"]), ("AVAILABLE", arn, {"a": "b"}))
    equal(made["domainNameArn"], f"arn:aws:apigateway:us-east-1::/domainnames/{name}")
    equal(told(client.get_domain_name(domainName=name)), told(made))
    fails("ConflictException", client.create_domain_name, domainName=name, certificateArn=arn)
    mapping = client.create_base_path_mapping(domainName=name, basePath="shop", restApiId=api, stage="v1")
    equal(told(mapping), {"basePath": "shop", "restApiId": api, "stage": "v1"})
    equal(gateway.get(None, None, "/shop/", host=name), (200, "hello"))
    equal(gateway.get(None, None, "/other/", host=name)[0], 403)
    fails("BadRequestException", client.create_base_path_mapping, domainName=name, basePath="a", restApiId="none")
    fails("BadRequestException", client.create_base_path_mapping, domainName=name, basePath="a/b", restApiId=api)
    fails("NotFoundException", client.create_base_path_mapping, domainName="none.example", restApiId=api)
    moved = client.update_base_path_mapping(domainName=name, basePath="shop", patchOperations=patch(("replace", "/basePath", "")))
    equal(moved["basePath"], "(none)")
    equal(client.get_base_path_mapping(domainName=name, basePath="(none)")["stage"], "v1")
    fails("BadRequestException", client.update_domain_name, domainName=name, patchOperations=patch(("replace", "/domainName", "x.example")))
    changed = client.update_domain_name(domainName=name, patchOperations=patch(("replace", "/securityPolicy", "TLS_1_0"), ("replace", "/regionalCertificateArn", arn + "2"), ("replace", "/mutualTlsAuthentication/truststoreUri", "s3://trust/new.pem")))
    equal((changed["securityPolicy"], changed["regionalCertificateArn"]), ("TLS_1_0", arn + "2"))
    equal(changed["mutualTlsAuthentication"]["truststoreUri"], "s3://trust/new.pem")
    equal([one["domainName"] for one in client.get_domain_names()["items"] if one["domainName"] == name], [name])
    edge = client.update_domain_name(domainName=name, patchOperations=patch(("replace", "/endpointConfiguration/types/0", "EDGE")))
    equal((edge["endpointConfiguration"]["types"], edge["regionalDomainName"]), (["EDGE"], made["regionalDomainName"]))
    assert edge["distributionDomainName"].endswith(".cloudfront.net"), edge
    fails("BadRequestException", client.update_domain_name, domainName=name, patchOperations=patch(("replace", "/endpointConfiguration/types/0", "MOON")))
    fails("BadRequestException", client.update_domain_name, domainName=name, patchOperations=patch(("replace", "/securityPolicy", "NONE")))
    client.delete_base_path_mapping(domainName=name, basePath="(none)")
    fails("NotFoundException", client.delete_base_path_mapping, domainName=name, basePath="(none)")
    client.delete_domain_name(domainName=name)
    fails("NotFoundException", client.get_base_path_mappings, domainName=name)
    private = client.create_domain_name(domainName="private.people.example", certificateArn=arn, endpointConfiguration={"types": ["PRIVATE"]}, policy='{"Version":"2012-10-17","Statement":[]}')
    ours = {"domainName": private["domainName"], "domainNameId": private["domainNameId"]}
    joined = client.create_domain_name_access_association(domainNameArn=private["domainNameArn"], accessAssociationSourceType="VPCE", accessAssociationSource="vpce-1", tags={"of": "vpc"})
    listed = client.get_domain_name_access_associations(resourceOwner="SELF")["items"]
    equal(listed, [told(joined)])
    fails("ConflictException", client.create_domain_name_access_association, domainNameArn=private["domainNameArn"], accessAssociationSourceType="VPCE", accessAssociationSource="vpce-1")
    fails("BadRequestException", client.create_domain_name_access_association, domainNameArn=private["domainNameArn"] + "x", accessAssociationSourceType="VPCE", accessAssociationSource="vpce-2")
    fails("BadRequestException", client.delete_domain_name, **ours)
    client.delete_domain_name_access_association(domainNameAccessAssociationArn=joined["domainNameAccessAssociationArn"])
    fails("NotFoundException", client.delete_domain_name_access_association, domainNameAccessAssociationArn=joined["domainNameAccessAssociationArn"])
    client.delete_domain_name(**ours)
    client.delete_rest_api(restApiId=api)


def a_canary_gets_a_share_and_is_promoted(gateway):
    client = gateway.client
    api, root = gateway.api("canary", text="old")
    first = client.create_deployment(restApiId=api, stageName="prod")
    response = {"restApiId": api, "resourceId": root, "httpMethod": "GET", "statusCode": "200"}
    template = ("replace", "/responseTemplates/application~1json", "new")
    client.update_integration_response(**response, patchOperations=patch(template))
    second = client.create_deployment(restApiId=api, stageName="prod", canarySettings={"percentTraffic": 100, "stageVariableOverrides": {"a": "b"}, "useStageCache": False})
    stage = client.get_stage(restApiId=api, stageName="prod")
    equal((stage["deploymentId"], stage["canarySettings"]["deploymentId"]), (first["id"], second["id"]))
    equal(gateway.get(api, "prod", "/"), (200, "new"))
    changed = client.update_stage(restApiId=api, stageName="prod", patchOperations=patch(("replace", "/canarySettings/percentTraffic", "0")))
    equal(changed["canarySettings"]["percentTraffic"], 0.0)
    equal(gateway.get(api, "prod", "/"), (200, "old"))
    fails("BadRequestException", client.delete_deployment, restApiId=api, deploymentId=second["id"])
    promote = patch(("copy", "/deploymentId", None, "/canarySettings/deploymentId"), ("copy", "/variables", None, "/canarySettings/stageVariableOverrides"), ("remove", "/canarySettings"))
    promoted = client.update_stage(restApiId=api, stageName="prod", patchOperations=promote)
    equal((promoted["deploymentId"], promoted["variables"], "canarySettings" in promoted), (second["id"], {"a": "b"}, False))
    equal(gateway.get(api, "prod", "/"), (200, "new"))
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patch(("replace", "/deploymentId", first["id"])))
    equal(gateway.get(api, "prod", "/"), (200, "old"))
    equal(len(client.get_stages(restApiId=api, deploymentId=second["id"])["item"]), 0)
    client.delete_rest_api(restApiId=api)


def an_api_goes_through_a_document_and_back(gateway):
    client = gateway.client
    api, root = gateway.api("round", tags={"team": "a"})
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="pets")
    client.create_model(restApiId=api, name="Pet", contentType="application/json", schema='{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}')
    validator = client.create_request_validator(restApiId=api, name="all", validateRequestBody=True, validateRequestParameters=True)
    gateway.mock(api, pets["id"], "POST", requestModels={"application/json": "Pet"}, requestValidatorId=validator["id"], requestParameters={"method.request.querystring.q": True}, operationName="addPet")
    client.create_deployment(restApiId=api, stageName="dev")
    for kind, accepts in [("oas30", "application/json"), ("swagger", "application/json"), ("oas30", "application/yaml")]:
        export = client.get_export(restApiId=api, stageName="dev", exportType=kind, parameters={"extensions": "integrations,authorizers,apigateway"}, accepts=accepts)
        equal(export["contentType"], "application/octet-stream")
        body = export["body"].read()
        again = client.import_rest_api(body=body, failOnWarnings=True, parameters={"endpointConfigurationTypes": "REGIONAL"})
        equal(again["endpointConfiguration"]["types"], ["REGIONAL"])
        paths = {one["path"]: sorted(one.get("resourceMethods", {})) for one in client.get_resources(restApiId=again["id"])["items"]}
        equal(paths, {"/": ["GET"], "/pets": ["POST"]})
        post = {"restApiId": again["id"], "resourceId": next(one["id"] for one in client.get_resources(restApiId=again["id"])["items"] if one["path"] == "/pets"), "httpMethod": "POST"}
        method = client.get_method(**post)
        equal((method["requestModels"], method["operationName"], method["requestParameters"]), ({"application/json": "Pet"}, "addPet", {"method.request.querystring.q": True}))
        client.create_deployment(restApiId=again["id"], stageName="dev")
        json_headers = {"Content-Type": "application/json"}
        equal(gateway.get(again["id"], "dev", "/pets?q=1", json_headers, "POST", b'{"id":1}'), (200, "hello"))
        equal(gateway.get(again["id"], "dev", "/pets?q=1", json_headers, "POST", b"{}")[0], 400)
        equal(gateway.get(again["id"], "dev", "/pets", json_headers, "POST", b'{"id":1}')[0], 400)
        client.delete_rest_api(restApiId=again["id"])
    fails("BadRequestException", client.get_export, restApiId=api, stageName="dev", exportType="raml")
    fails("NotFoundException", client.get_export, restApiId=api, stageName="none", exportType="oas30")
    fails("BadRequestException", client.import_rest_api, body=b"no document")
    fails("BadRequestException", client.put_rest_api, restApiId=api, mode="overwrite", body=b"{")
    fails("BadRequestException", client.import_rest_api, body=body, parameters={"endpointConfigurationTypes": "MOON"})
    broken = {"openapi": "3.0.1", "info": {"title": "round", "version": "1"}, "paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"type": "http", "httpMethod": "GET", "uri": "nowhere"}}}}}
    message = fails("BadRequestException", client.put_rest_api, restApiId=api, mode="overwrite", body=json.dumps(broken))
    equal(message, "Errors found during import:\n\tUnable to put integration on 'GET' for resource at path '/a': Invalid HTTP endpoint specified for URI")
    equal(sorted(one["path"] for one in client.get_resources(restApiId=api)["items"]), ["/", "/pets"])
    merged = client.put_rest_api(restApiId=api, mode="merge", body=json.dumps({"openapi": "3.0.1", "info": {"title": "round", "version": "2"}, "paths": {"/more": {"get": {"responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}}}}))
    equal(merged["id"], api)
    equal(sorted(one["path"] for one in client.get_resources(restApiId=api)["items"]), ["/", "/more", "/pets"])
    fails("ConflictException", client.delete_model, restApiId=api, modelName="Pet")
    fails("ConflictException", client.delete_request_validator, restApiId=api, requestValidatorId=validator["id"])
    copy = client.create_rest_api(name="copy", cloneFrom=api)
    equal(len(client.get_resources(restApiId=copy["id"])["items"]), 3)
    client.delete_rest_api(restApiId=copy["id"])
    client.delete_rest_api(restApiId=api)


def somebody_asks_for_bodies_callers_and_answers_of_a_kind(gateway):
    client = gateway.client
    api, root = gateway.api("guarded")
    lambda_uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations"
    token = client.create_authorizer(restApiId=api, name="token", type="TOKEN", authorizerUri=lambda_uri, identitySource="method.request.header.Authorization", authorizerResultTtlInSeconds=0)
    equal((token["authorizerResultTtlInSeconds"], token["authorizerUri"]), (0, lambda_uri))
    pool = client.create_authorizer(restApiId=api, name="pool", type="COGNITO_USER_POOLS", providerARNs=["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"], identitySource="method.request.header.Authorization")
    equal(told(client.get_authorizer(restApiId=api, authorizerId=pool["id"])), told(pool))
    fails("BadRequestException", client.create_authorizer, restApiId=api, name="token", type="TOKEN", authorizerUri=lambda_uri, identitySource="method.request.header.Authorization")
    fails("BadRequestException", client.create_authorizer, restApiId=api, name="none", type="COGNITO_USER_POOLS", identitySource="method.request.header.Authorization")
    changed = client.update_authorizer(restApiId=api, authorizerId=token["id"], patchOperations=patch(("replace", "/authorizerResultTtlInSeconds", "60"), ("replace", "/name", "other")))
    equal((changed["name"], changed["authorizerResultTtlInSeconds"]), ("other", 60))
    fails("BadRequestException", client.update_authorizer, restApiId=api, authorizerId=token["id"], patchOperations=patch(("add", "/nothing", "x")))
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    changes = patch(("replace", "/authorizationType", "COGNITO_USER_POOLS"), ("replace", "/authorizerId", pool["id"]), ("add", "/authorizationScopes", "shop/read"))
    changed = client.update_method(**method, patchOperations=changes)
    equal((changed["authorizationType"], changed["authorizerId"], changed["authorizationScopes"]), ("COGNITO_USER_POOLS", pool["id"], ["shop/read"]))
    fails("ConflictException", client.delete_authorizer, restApiId=api, authorizerId=pool["id"])
    tried = client.test_invoke_authorizer(restApiId=api, authorizerId=pool["id"], headers={"Authorization": "none"})
    equal(tried["clientStatus"], 401)
    asks = client.create_authorizer(restApiId=api, name="asks", type="REQUEST", authorizerUri=lambda_uri, identitySource="context.color")
    ask = {"restApiId": api, "authorizerId": asks["id"]}
    equal(client.test_invoke_authorizer(**ask)["clientStatus"], 401)
    # The function is asked, and is not there.
    equal(client.test_invoke_authorizer(**ask, additionalContext={"color": "blue"})["clientStatus"], 501)
    fails("BadRequestException", client.update_authorizer, **ask, patchOperations=patch(("replace", "/type", "NOBODY")))
    fails("BadRequestException", client.create_authorizer, restApiId=api, name="odd", type="REQUEST", authorizerUri=lambda_uri, identitySource="somewhere")
    kind = "MISSING_AUTHENTICATION_TOKEN"
    fails("BadRequestException", client.put_gateway_response, restApiId=api, responseType=kind, responseParameters={"x-a": "'b'"})
    put = client.put_gateway_response(restApiId=api, responseType=kind, statusCode="404", responseParameters={"gatewayresponse.header.x-a": "'b'"}, responseTemplates={"application/json": '{"error":"gone"}'})
    equal((put["statusCode"], put["defaultResponse"]), ("404", False))
    equal(told(client.get_gateway_response(restApiId=api, responseType=kind)), told(put))
    client.update_gateway_response(restApiId=api, responseType=kind, patchOperations=patch(("replace", "/statusCode", "410")))
    client.create_deployment(restApiId=api, stageName="dev")
    equal(gateway.get(api, "dev", "/nowhere"), (410, '{"error":"gone"}'))
    equal(gateway.get(api, "dev", "/")[0], 401)
    client.delete_gateway_response(restApiId=api, responseType=kind)
    fails("NotFoundException", client.delete_gateway_response, restApiId=api, responseType=kind)
    equal(client.get_gateway_response(restApiId=api, responseType=kind)["defaultResponse"], True)
    message = fails("ValidationException", client.put_gateway_response, restApiId=api, responseType="UNDOCUMENTED")
    assert message.startswith("1 validation error detected: Value 'UNDOCUMENTED' at 'responseType' failed"), message
    model = client.create_model(restApiId=api, name="Thing", description="a thing", contentType="application/json", schema='{"type":"object"}')
    equal(told(client.get_model(restApiId=api, modelName="Thing")), told(model))
    fails("ConflictException", client.create_model, restApiId=api, name="Thing", contentType="application/json", schema='{"type":"object"}')
    fails("BadRequestException", client.create_model, restApiId=api, name="Broken", contentType="application/json", schema="{")
    assert "$inputRoot" in client.get_model_template(restApiId=api, modelName="Thing")["value"]
    client.update_model(restApiId=api, modelName="Thing", patchOperations=patch(("replace", "/description", "another")))
    client.delete_model(restApiId=api, modelName="Thing")
    client.delete_rest_api(restApiId=api)


def somebody_writes_documentation_and_tags_everything(gateway):
    client = gateway.client
    api, root = gateway.api("documented")
    part = client.create_documentation_part(restApiId=api, location={"type": "METHOD", "path": "/", "method": "GET"}, properties='{"summary":"says hello"}')
    equal(part["location"], {"type": "METHOD", "path": "/", "method": "GET"})
    client.create_documentation_part(restApiId=api, location={"type": "API"}, properties='{"description":"greetings"}')
    fails("ConflictException", client.create_documentation_part, restApiId=api, location={"type": "API"}, properties="{}")
    fails("BadRequestException", client.create_documentation_part, restApiId=api, location={"type": "MODEL", "name": "m"}, properties="no JSON")
    equal([one["location"]["type"] for one in client.get_documentation_parts(restApiId=api, type="API")["items"]], ["API"])
    changed = client.update_documentation_part(restApiId=api, documentationPartId=part["id"], patchOperations=patch(("replace", "/properties", '{"summary":"greets"}')))
    equal(changed["properties"], '{"summary":"greets"}')
    client.create_deployment(restApiId=api, stageName="dev")
    client.create_documentation_version(restApiId=api, documentationVersion="1", stageName="dev", description="first")
    equal(client.get_stage(restApiId=api, stageName="dev")["documentationVersion"], "1")
    fails("ConflictException", client.create_documentation_version, restApiId=api, documentationVersion="1")
    document = json.loads(client.get_export(restApiId=api, stageName="dev", exportType="oas30", parameters={"extensions": "documentation"})["body"].read())
    equal(document["x-amazon-apigateway-documentation"]["version"], "1")
    client.delete_documentation_part(restApiId=api, documentationPartId=part["id"])
    fails("NotFoundException", client.get_documentation_part, restApiId=api, documentationPartId=part["id"])
    key, plan = client.create_api_key(name="k"), client.create_usage_plan(name="p")
    link = client.create_vpc_link(name="l", targetArns=["arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/a/b"])
    domain = client.create_domain_name(domainName="tags.people.example", certificateArn="arn:aws:acm:us-east-1:000000000000:certificate/1")
    certificate = client.generate_client_certificate(description="for backends", tags={"first": "1"})
    assert certificate["pemEncodedCertificate"].startswith("-----BEGIN CERTIFICATE-----"), certificate
    paths = [f"/restapis/{api}", f"/restapis/{api}/stages/dev", f"/apikeys/{key['id']}", f"/usageplans/{plan['id']}", f"/vpclinks/{link['id']}", f"/domainnames/{domain['domainName']}", f"/clientcertificates/{certificate['clientCertificateId']}"]
    for path in paths:
        arn = f"arn:aws:apigateway:us-east-1::{path}"
        client.tag_resource(resourceArn=arn, tags={"a": "1", "b c": "2"})
        client.untag_resource(resourceArn=arn, tagKeys=["a", "first"])
        equal(client.get_tags(resourceArn=arn)["tags"], {"b c": "2"})
    equal(client.get_stage(restApiId=api, stageName="dev")["tags"], {"b c": "2"})
    equal(client.get_client_certificate(clientCertificateId=certificate["clientCertificateId"])["tags"], {"b c": "2"})
    fails("NotFoundException", client.get_tags, resourceArn="arn:aws:apigateway:us-east-1::/restapis/none")
    fails("BadRequestException", client.get_tags, resourceArn="arn:aws:s3:::bucket")
    staged = {"restApiId": api, "stageName": "dev"}
    client.update_stage(**staged, patchOperations=patch(("replace", "/clientCertificateId", certificate["clientCertificateId"])))
    named = {"clientCertificateId": certificate["clientCertificateId"]}
    fails("BadRequestException", client.delete_client_certificate, **named)
    client.update_stage(**staged, patchOperations=patch(("replace", "/clientCertificateId", "")))
    equal(client.update_client_certificate(**named, patchOperations=patch(("replace", "/description", "new")))["description"], "new")
    equal([one["clientCertificateId"] for one in client.get_client_certificates()["items"]], [certificate["clientCertificateId"]])
    client.delete_client_certificate(**named)
    fails("NotFoundException", client.get_client_certificate, **named)
    for tags in ({"aws:a": "1"}, {"k" * 129: "1"}, {"a": "v" * 257}):
        fails("BadRequestException", client.tag_resource, resourceArn=arn, tags=tags)
    fails("BadRequestException", client.tag_resource, resourceArn=arn.replace("us-east-1", "eu-west-1"), tags={"a": "1"})
    client.delete_vpc_link(vpcLinkId=link["id"])
    client.delete_domain_name(domainName=domain["domainName"])
    client.delete_usage_plan(usagePlanId=plan["id"])
    client.delete_api_key(apiKey=key["id"])
    client.delete_rest_api(restApiId=api)


def a_stage_is_set_up_by_patches(gateway):
    client = gateway.client
    api, _ = gateway.api("settings")
    deployed = client.create_deployment(restApiId=api)
    stage = {"restApiId": api, "stageName": "prod"}
    fails("BadRequestException", client.create_stage, **stage, deploymentId="none")
    made = client.create_stage(**stage, deploymentId=deployed["id"], description="d", cacheClusterEnabled=True, cacheClusterSize="0.5", tracingEnabled=True, variables={"a": "1"}, tags={"t": "1"})
    equal((made["cacheClusterStatus"], made["cacheClusterSize"], made["tracingEnabled"]), ("AVAILABLE", "0.5", True))
    fails("ConflictException", client.create_stage, **stage, deploymentId=deployed["id"])
    changes = patch(
        ("replace", "/*/*/logging/loglevel", "INFO"),
        ("replace", "/*/*/logging/dataTrace", "true"),
        ("replace", "/*/*/metrics/enabled", "true"),
        ("replace", "/*/*/throttling/rateLimit", "12.5"),
        ("replace", "/*/*/throttling/burstLimit", "3"),
        ("replace", "/~1/GET/caching/ttlInSeconds", "7"),
        ("replace", "/~1/GET/caching/enabled", "true"),
        ("replace", "/*/*/caching/requireAuthorizationForCacheControl", "false"),
        ("replace", "/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"),
        ("replace", "/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:x:*"),
        ("replace", "/accessLogSettings/format", "$context.requestId"),
        ("replace", "/variables/b", "2"),
        ("remove", "/variables/a"),
        ("replace", "/description", "e"),
        ("replace", "/tracingEnabled", "false"),
        ("replace", "/cacheClusterSize", "1.6"),
    )
    changed = client.update_stage(**stage, patchOperations=changes)
    every = changed["methodSettings"]["*/*"]
    equal((every["loggingLevel"], every["throttlingRateLimit"], every["throttlingBurstLimit"]), ("INFO", 12.5, 3))
    equal(every["unauthorizedCacheControlHeaderStrategy"], "FAIL_WITH_403")
    equal(changed["methodSettings"]["//GET"]["cacheTtlInSeconds"] if "//GET" in changed["methodSettings"] else changed["methodSettings"]["/GET"]["cacheTtlInSeconds"], 7)
    equal(changed["variables"], {"b": "2"})
    equal(changed["accessLogSettings"], {"destinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:x", "format": "$context.requestId"})
    for one in [
        ("replace", "/nothing", "x"),
        ("add", "/methodSettings", "x"),
        ("replace", "/*/*/logging/loglevel", "LOUD"),
        ("replace", "/*/*/throttling/rateLimit", "fast"),
        ("replace", "/*/*/caching/unauthorizedCacheControlHeaderStrategy", "MAYBE"),
        ("replace", "/cacheClusterSize", "7"),
        ("replace", "/variables/a-b", "x"),
        ("replace", "/variables/b", "{}"),
        ("replace", "/~1/GET/caching/ttlInSeconds", "3601"),
        ("replace", "/deploymentId", "none"),
        ("remove", "/no/GET", None),
        ("move", "/description", None, "/variables/b"),
        ("replace", None, "x"),
    ]:
        fails("BadRequestException", client.update_stage, **stage, patchOperations=patch(one))
    fails("ValidationException", client.update_stage, **stage, patchOperations=[{"op": "erase", "path": "/description"}])
    equal(client.get_stage(**stage)["description"], "e")
    client.update_stage(**stage, patchOperations=patch(("remove", "/*/*"), ("remove", "/accessLogSettings")))
    equal("accessLogSettings" in client.get_stage(**stage), False)
    client.flush_stage_cache(**stage)
    client.flush_stage_authorizers_cache(**stage)
    client.delete_rest_api(restApiId=api)


def somebody_pages_through_what_there_is(gateway):
    client = gateway.client
    api, root = gateway.api("pages")
    for number in range(30):
        client.create_resource(restApiId=api, parentId=root, pathPart=f"r{number}")
    first = client.get_resources(restApiId=api)
    equal(len(first["items"]), 25)
    equal(len(client.get_resources(restApiId=api, position=first["position"])["items"]), 6)
    equal(len(client.get_resources(restApiId=api, limit=500)["items"]), 31)
    pages = list(client.get_paginator("get_resources").paginate(restApiId=api, PaginationConfig={"PageSize": 10}))
    equal([len(page["items"]) for page in pages], [10, 10, 10, 1])
    paths = {one["path"] for page in pages for one in page["items"]}
    equal(len(paths), 31)
    fails("BadRequestException", client.get_resources, restApiId=api, position="nowhere")
    one = client.get_resources(restApiId=api, embed=["methods"], limit=500)["items"]
    equal([item["resourceMethods"]["GET"]["authorizationType"] for item in one if item["path"] == "/"], ["NONE"])
    for name, operation in client.meta.method_to_api_mapping.items():
        if not client.can_paginate(name):
            continue
        members = client.meta.service_model.operation_model(operation).input_shape.members
        arguments = {"restApiId": api} if "restApiId" in members else {}
        if name in ("get_base_path_mappings", "get_usage", "get_usage_plan_keys"):
            continue
        list(client.get_paginator(name).paginate(**arguments))
    models = client.get_paginator("get_models").paginate(restApiId=api, PaginationConfig={"PageSize": 1}).search("items[].name")
    equal(list(models), ["Empty", "Error"])
    client.delete_rest_api(restApiId=api)


def a_declarative_tool_creates_reads_back_patches_and_deletes(gateway):
    client = gateway.client
    wanted = {
        "name": "declared",
        "description": "by a tool",
        "binaryMediaTypes": ["image/png", "application/octet-stream"],
        "minimumCompressionSize": 0,
        "apiKeySource": "HEADER",
        "endpointConfiguration": {"types": ["REGIONAL"], "ipAddressType": "ipv4"},
        "disableExecuteApiEndpoint": False,
        "tags": {"made": "by a tool"},
    }
    made = client.create_rest_api(**wanted, policy='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}')
    api, root = made["id"], made["rootResourceId"]
    read = client.get_rest_api(restApiId=api)
    equal({key: read[key] for key in wanted}, wanted)
    changed = client.update_rest_api(restApiId=api, patchOperations=patch(
        ("replace", "/name", "renamed"),
        ("replace", "/binaryMediaTypes/image~1png", "image/gif"),
        ("add", "/binaryMediaTypes/a~1b", ""),
        ("remove", "/binaryMediaTypes/application~1octet-stream"),
        ("replace", "/minimumCompressionSize", ""),
        ("replace", "/apiKeySource", "AUTHORIZER"),
        ("replace", "/policy", ""),
        ("replace", "/disableExecuteApiEndpoint", "true"),
    ))
    equal((changed["name"], sorted(changed["binaryMediaTypes"])), ("renamed", ["a/b", "image/gif"]))
    equal(("minimumCompressionSize" in changed, "policy" in changed, changed["disableExecuteApiEndpoint"]), (False, False, True))
    users = client.create_resource(restApiId=api, parentId=root, pathPart="users")["id"]
    item = client.create_resource(restApiId=api, parentId=users, pathPart="{id}")["id"]
    renamed = client.update_resource(restApiId=api, resourceId=users, patchOperations=patch(("replace", "/pathPart", "people")))
    equal(renamed["path"], "/people")
    equal(client.get_resource(restApiId=api, resourceId=item)["path"], "/people/{id}")
    method = {"restApiId": api, "resourceId": item, "httpMethod": "PUT"}
    put = client.put_method(**method, authorizationType="AWS_IAM", apiKeyRequired=True, requestParameters={"method.request.path.id": True, "method.request.header.x-a": False})
    equal(told(client.get_method(**method)), told(put))
    fails("ConflictException", client.put_method, **method, authorizationType="NONE")
    changed = client.update_method(**method, patchOperations=patch(("add", "/requestParameters/method.request.querystring.q", "true"), ("remove", "/requestParameters/method.request.header.x-a"), ("replace", "/apiKeyRequired", "false")))
    equal(changed["requestParameters"], {"method.request.path.id": True, "method.request.querystring.q": True})
    fails("NotFoundException", client.update_method, **method, patchOperations=patch(("remove", "/requestParameters/method.request.header.none")))
    fails("BadRequestException", client.update_method, **method, patchOperations=patch(("copy", "/apiKeyRequired", None, "/authorizationType")))
    fails("NotFoundException", client.put_integration_response, **method, statusCode="200")
    for one in [
        {"httpMethod": "PUT", "integrationHttpMethod": "FETCH"},
        {"requestParameters": {"nowhere": "'x'"}},
        {"requestParameters": {"integration.request.header.A": "nowhere"}},
        {"requestParameters": {"integration.request.header.A": "method.request.header.Undeclared"}},
        {"passthroughBehavior": "SOMETIMES"},
    ]:
        fails("BadRequestException", client.put_integration, **{**method, "type": "HTTP", "integrationHttpMethod": "GET", "uri": "http://127.0.0.1:1/", **one})
    asked = dict(type="HTTP", integrationHttpMethod="PUT", uri="http://127.0.0.1:1/{id}", requestParameters={"integration.request.path.id": "method.request.path.id"}, passthroughBehavior="NEVER", contentHandling="CONVERT_TO_TEXT", requestTemplates={"application/json": "$input.body"}, tlsConfig={"insecureSkipVerification": True})
    put = client.put_integration(**method, **asked)
    read = client.get_integration(**method)
    equal({key: read["httpMethod" if key == "integrationHttpMethod" else key] for key in asked}, asked)
    changed = client.update_integration(**method, patchOperations=patch(("replace", "/timeoutInMillis", "1000"), ("add", "/requestTemplates/text~1plain", "x"), ("remove", "/requestParameters/integration.request.path.id"), ("replace", "/uri", "http://127.0.0.1:1/b"), ("add", "/cacheKeyParameters/method.request.path.id", "")))
    equal((changed["timeoutInMillis"], changed["uri"], changed["cacheKeyParameters"]), (1000, "http://127.0.0.1:1/b", ["method.request.path.id"]))
    equal(sorted(changed["requestTemplates"]), ["application/json", "text/plain"])
    client.put_method_response(**method, statusCode="201", responseParameters={"method.response.header.Location": True}, responseModels={"application/json": "Empty"})
    fails("BadRequestException", client.put_method_response, **method, statusCode="202", responseParameters={"Location": True})
    message = fails("BadRequestException", client.put_integration_response, **method, statusCode="201", responseParameters={"method.response.header.Undeclared": "'x'"})
    assert message.endswith("[Invalid mapping expression parameter specified: method.response.header.Undeclared]"), message
    fails("BadRequestException", client.put_integration_response, **method, statusCode="201", responseParameters={"method.response.header.Location": "nowhere"})
    client.put_integration_response(**method, statusCode="201", selectionPattern="2\\d{2}", responseParameters={"method.response.header.Location": "integration.response.header.Location"}, contentHandling="CONVERT_TO_TEXT")
    changed = client.update_integration_response(**method, statusCode="201", patchOperations=patch(("replace", "/selectionPattern", "20[01]"), ("add", "/responseTemplates/application~1json", "{}")))
    equal((changed["selectionPattern"], changed["responseTemplates"]), ("20[01]", {"application/json": "{}"}))
    tried = client.test_invoke_method(**method, pathWithQueryString="/people/1?q=2", headers={"content-type": "text/plain", "x-y": "z"}, body="b", stageVariables={"a": "b"})
    for line in ["Execution log for request ", " : Endpoint request URI: http://127.0.0.1:1/b", " : Endpoint request headers: {", " : Endpoint request body after transformations: x", " : Sending request to http://127.0.0.1:1/b"]:
        assert line in tried["log"], f"{line} is not in {tried['log']}"
    assert tried["status"] >= 500, tried
    sts = client_of(gateway.endpoint, "sts")
    equal(sts.get_caller_identity()["Arn"], "arn:aws:iam::000000000000:user/test")
    fails("NotOfferedHere", sts.get_session_token)
    fails("InvalidClientTokenId", client_of(gateway.endpoint, "sts", key="nobody").get_caller_identity)
    fails("SignatureDoesNotMatch", client_of(gateway.endpoint, "sts", secret="wrong").get_caller_identity)
    equal(client.get_account()["features"], ["UsagePlans"])
    role = "arn:aws:iam::000000000000:role/logs"
    equal(client.update_account(patchOperations=patch(("replace", "/cloudwatchRoleArn", role)))["cloudwatchRoleArn"], role)
    equal(client.get_account()["cloudwatchRoleArn"], role)
    fails("BadRequestException", client.update_account, patchOperations=patch(("replace", "/throttleSettings/rateLimit", "1")))
    fails("BadRequestException", client.update_account, patchOperations=patch(("remove", "/features", "UsagePlans")))
    client.update_account(patchOperations=patch(("replace", "/cloudwatchRoleArn", "")))
    client.delete_integration_response(**method, statusCode="201")
    client.delete_method_response(**method, statusCode="201")
    client.delete_integration(**method)
    client.delete_method(**method)
    fails("NotFoundException", client.get_method, **method)
    client.delete_resource(restApiId=api, resourceId=users)
    fails("NotFoundException", client.get_resource, restApiId=api, resourceId=item)
    fails("BadRequestException", client.delete_resource, restApiId=api, resourceId=root)
    client.delete_rest_api(restApiId=api)


STORIES = [
    a_tutorial_builds_an_api_with_lambda_http_and_mock,
    somebody_sells_an_api_with_keys_plans_and_throttles,
    somebody_moves_an_api_under_a_domain_name_of_their_own,
    a_canary_gets_a_share_and_is_promoted,
    an_api_goes_through_a_document_and_back,
    somebody_asks_for_bodies_callers_and_answers_of_a_kind,
    somebody_writes_documentation_and_tags_everything,
    a_stage_is_set_up_by_patches,
    somebody_pages_through_what_there_is,
    a_declarative_tool_creates_reads_back_patches_and_deletes,
]


def main():
    endpoint, *names = sys.argv[1:]
    gateway = Gateway(endpoint)
    found = control_shapes.watch(gateway.client)
    for story in STORIES:
        if names and story.__name__ not in names:
            continue
        try:
            story(gateway)
        except Exception:  # the other stories are told all the same
            found.append(traceback.format_exc())
        for one in found:
            print(f"{story.__name__}: {one}")
        found.clear()
    print(f"{len(STORIES)} stories")


if __name__ == "__main__":
    main()
