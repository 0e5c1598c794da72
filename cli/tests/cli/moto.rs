//! `bluegate deploy` to moto, which verifies signatures and policies.

use bluegate_tests::control;
use bluegate_tests::http;
use bluegate_tests::moto::{Credentials, Moto};

use crate::project::{AWS, KEY_ID, Project, ROUTES, SECRET};

fn project(moto: &Moto, id: &str, credentials: &Credentials) -> Project {
    let aws = AWS
        .replace("eu-west-1", http::REGION)
        .replace("abc123def4", id)
        .replace(KEY_ID, &credentials.access_key_id)
        .replace(SECRET, &credentials.secret_access_key);
    let mut project = Project::with(ROUTES, &aws);
    project.variable("AWS_ENDPOINT_URL", moto.endpoint());
    project
}

#[test]
fn requests_are_signed_as_aws_wants_them() {
    let (moto, credentials) = Moto::start_with_auth().expect("moto");
    let id = moto.create_rest_api("Shop API").expect("an API");
    let project = project(&moto, &id, &credentials);
    let deployed = project.deploy("--format json").ends_with(0).json();
    assert_eq!(deployed["rest_api_id"], id);
    // Once more, with keys from the environment and the API found by its name.
    let mut project = Project::with(
        ROUTES,
        &AWS.replace("eu-west-1", http::REGION)
            .replace("abc123def4", "")
            .replace(KEY_ID, "")
            .replace(SECRET, ""),
    );
    project.variable("AWS_ENDPOINT_URL", moto.endpoint());
    project.variable("AWS_ACCESS_KEY_ID", &credentials.access_key_id);
    project.variable("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key);
    project
        .deploy("")
        .ends_with(0)
        .never_says(&credentials.secret_access_key);
}

#[test]
fn a_starter_project_can_be_deployed_and_is_then_up_to_date() {
    let moto = Moto::start().expect("moto");
    let mut project = Project::empty();
    project.variable("AWS_ENDPOINT_URL", moto.endpoint());
    project.variable("AWS_ACCESS_KEY_ID", KEY_ID);
    project.variable("AWS_SECRET_ACCESS_KEY", SECRET);
    project.run("init --name shop").ends_with(0);
    project.run("deploy --create --yes").ends_with(0);
    let plan = project.run("plan --format json").json();
    assert_eq!(plan["routes"]["changed"], serde_json::json!([]), "{plan}");
}

#[test]
fn wrong_keys_are_told_from_keys_that_may_not() {
    let (moto, right) = Moto::start_with_auth().expect("moto");
    let id = moto.create_rest_api("Shop API").expect("an API");
    let wrong_secret = Credentials {
        secret_access_key: SECRET.to_owned(),
        ..right.clone()
    };
    let unknown_key = Credentials {
        access_key_id: KEY_ID.to_owned(),
        ..right.clone()
    };
    for wrong in [wrong_secret, unknown_key] {
        let ran = project(&moto, &id, &wrong).deploy("");
        ran.ends_with(1)
            .says(&["does not accept the credentials", "the keys in the AWS file"]);
        ran.never_says(&wrong.secret_access_key)
            .never_says(&wrong.access_key_id);
    }
    let reads = [
        "apigateway:GetRestApi",
        "apigateway:GetResources",
        "apigateway:GetAuthorizers",
        "apigateway:GetModels",
        "apigateway:GetRequestValidators",
        "apigateway:GetGatewayResponses",
        "apigateway:GetStages",
        "apigateway:GetDeployments",
        "apigateway:GetDeployment",
        "apigateway:GetVpcLink",
    ];
    let reader = moto.credentials("reader", &reads).expect("a user");
    let ran = project(&moto, &id, &reader).deploy("");
    ran.ends_with(1).says(&["denies PutRestApi", "`apigateway:PUT`"]);
    ran.never_says("is the new one");

    let writes = ["apigateway:PutRestApi", "apigateway:UpdateRestApi"];
    let putter = moto
        .credentials("putter", &[&reads[..], &writes].concat())
        .expect("a user");
    let ran = project(&moto, &id, &putter).deploy("");
    ran.ends_with(4)
        .says(&["denies CreateDeployment", "the API's definition was put back"]);
}

#[test]
fn what_the_original_deploys_is_deployed_as_well() {
    let moto = Moto::start().expect("moto");
    let id = moto.create_rest_api("Shop API").expect("an API");
    let any = Credentials {
        access_key_id: KEY_ID.to_owned(),
        secret_access_key: SECRET.to_owned(),
    };
    let project = project(&moto, &id, &any);
    project.deploy("--compat").ends_with(0);
    let target = format!("/restapis/{id}/resources?embed=methods");
    let resources = control::api_gateway(moto.endpoint(), "GET", &target, None)
        .expect("resources")
        .to_string();
    assert!(
        resources.contains("https://backend.example.com/shop/users/{id}"),
        "{resources}"
    );
}

#[test]
fn only_the_account_of_the_aws_file_is_deployed_to() {
    let moto = Moto::start().expect("moto");
    let id = moto.create_rest_api("Shop API").expect("an API");
    let any = Credentials {
        access_key_id: KEY_ID.to_owned(),
        secret_access_key: SECRET.to_owned(),
    };
    let project = project(&moto, &id, &any);
    let aws = project.read("aws.config.json");
    let of = |account: &str| aws.replacen('{', &format!("{{\"account_id\": \"{account}\","), 1);
    project.write("aws.config.json", of("000000000000"));
    project
        .deploy("")
        .ends_with(3)
        .says(&["the account 123456789012, and `account_id` is 000000000000"]);
    project.write("aws.config.json", of("123456789012"));
    project.deploy("").ends_with(0);
}
