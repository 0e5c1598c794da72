//! `bluegate deploy` with credentials that are verified: moto checks the signature of each request and what the
//! user may do.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bluegate_tests::bookshop::Bookshop;
use bluegate_tests::control;
use bluegate_tests::deploy::Deployer;
use bluegate_tests::guard::{self, Finished};
use bluegate_tests::moto::{Credentials, Moto};
use serde_json::{Value, json};

/// A deployment takes a second or two; an emulator under load some more.
const LIMIT: Duration = Duration::from_secs(300);
const BACKEND: &str = "https://bookshop.example/";

/// An API in an account that verifies.
struct Account {
    moto: Moto,
    deployer: Deployer,
    id: String,
}

impl Account {
    /// An account with an empty API, and the keys of someone who may do everything on it.
    fn new() -> (Account, Credentials) {
        let (moto, keys) = Moto::start_with_auth().expect("moto");
        let account = Account {
            deployer: Deployer::new(moto.endpoint()).expect("a deployer"),
            id: moto.create_rest_api("Bookshop").expect("an API"),
            moto,
        };
        (account, keys)
    }

    /// The AWS file with these keys, which nobody else may read.
    fn aws_file(&self, keys: &Credentials) -> PathBuf {
        let mut aws = Bookshop::aws_file(Some(&self.id), BACKEND).expect("an AWS file");
        aws["aws"] = json!({"access_key_id": keys.access_key_id, "secret_access_key": keys.secret_access_key});
        let path = self.deployer.write("aws.config.json", &aws).expect("an AWS file");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("its permissions");
        path
    }

    /// Deploys the bookshop with these keys. Those of the environment are wrong.
    fn deploy(&self, keys: &Credentials) -> Finished {
        self.deploy_with(&self.aws_file(keys), &[])
    }

    fn deploy_with(&self, aws: &Path, environment: &[(&str, &str)]) -> Finished {
        let mut command = self.deployer.bluegate();
        command.args(["deploy", "--routes"]).arg(Bookshop::routes());
        command.arg("--aws-config").arg(aws);
        command.envs(environment.iter().copied());
        guard::run(&command, LIMIT).expect("a run")
    }

    /// The paths of the API's definition, in order, and how many deployments it has.
    fn state(&self) -> (Vec<String>, usize) {
        let items = |what: &str| {
            let target = format!("/restapis/{}/{what}", self.id);
            let answer = self
                .moto
                .unverified(|| control::api_gateway(self.moto.endpoint(), "GET", &target, None))
                .expect("an answer");
            answer["item"].as_array().cloned().unwrap_or_default()
        };
        let path = |resource: &Value| resource["path"].as_str().expect("a path").to_owned();
        let mut paths: Vec<String> = items("resources").iter().map(path).collect();
        paths.sort_unstable();
        (paths, items("deployments").len())
    }

    /// Checks that a run failed with this message, told no secret, left no file and changed nothing.
    fn assert_refused(&self, refused: &Finished, message: &str, keys: &Credentials) {
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(refused.stderr.contains(message), "{message}: {refused:?}");
        assert!(refused.stderr.contains("= help: "), "{refused:?}");
        assert_eq!(refused.stdout, "");
        assert!(!refused.stderr.contains(&keys.secret_access_key));
        assert!(!refused.stderr.contains("Signature="));
        assert!(!self.deployer.folder().join("swagger.yml").exists());
        assert_eq!(self.state(), (vec!["/".to_owned()], 0));
    }
}

#[test]
fn the_right_keys_deploy() {
    let (account, keys) = Account::new();
    let deployed = account
        .deploy(&keys)
        .success("deploying")
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(deployed.stdout.contains(&account.id), "{deployed:?}");
    assert!(!format!("{deployed:?}").contains(&keys.secret_access_key));

    let (paths, deployments) = account.state();
    assert_eq!(deployments, 1);
    for path in ["/books/{id}", "/covers/{path+}", "/orders/{id}/lines/{line}"] {
        assert!(paths.iter().any(|known| known == path), "{path}: {paths:?}");
    }

    // A second time, over what is there.
    account
        .deploy(&keys)
        .success("deploying again")
        .unwrap_or_else(|error| panic!("{error}"));
    // moto forgets the binary media types of a document, so that they are put again.
    assert_eq!(account.state(), (paths, 2));
}

#[test]
fn without_keys_in_the_file_those_of_the_environment_count() {
    let (account, keys) = Account::new();
    let aws = Bookshop::aws_file(Some(&account.id), BACKEND).expect("an AWS file");
    let aws = account.deployer.write("aws.config.json", &aws).expect("an AWS file");

    let refused = account.deploy_with(&aws, &[]);
    account.assert_refused(&refused, "it does not accept the credentials", &keys);

    let environment = [
        ("AWS_ACCESS_KEY_ID", keys.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.as_str()),
    ];
    account
        .deploy_with(&aws, &environment)
        .success("deploying")
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(account.state().1, 1);
}

#[test]
fn a_wrong_secret_is_refused_and_not_shown() {
    let (account, keys) = Account::new();
    let wrong = Credentials {
        secret_access_key: "wrongSecretThatNobodyMaySee0123456789abcd".to_owned(),
        ..keys.clone()
    };
    let refused = account.deploy(&wrong);
    let message = "AWS refuses GetRestApi of the API";
    account.assert_refused(&refused, message, &wrong);
    assert!(
        refused
            .stderr
            .contains("it does not accept the credentials (InvalidSignatureException)"),
        "{refused:?}"
    );
    account.assert_refused(&refused, message, &keys);
}

#[test]
fn an_unknown_key_is_refused() {
    let (account, keys) = Account::new();
    let unknown = Credentials {
        access_key_id: "AKIAUNKNOWNUNKNOWN00".to_owned(),
        ..keys
    };
    let refused = account.deploy(&unknown);
    account.assert_refused(
        &refused,
        "it does not accept the credentials (UnrecognizedClientException)",
        &unknown,
    );
}

#[test]
fn a_user_without_permission_learns_what_to_allow() {
    let (account, _) = Account::new();
    // moto names actions after operations, where AWS names them after verbs of HTTP.
    let nobody = account.moto.credentials("nobody", &["s3:GetObject"]).expect("a user");
    let refused = account.deploy(&nobody);
    account.assert_refused(&refused, "AWS denies GetRestApi of the API", &nobody);
    assert!(refused.stderr.contains("allow `apigateway:GET` on"), "{refused:?}");

    let reader = account
        .moto
        .credentials("reader", &["apigateway:Get*"])
        .expect("a user");
    let refused = account.deploy(&reader);
    account.assert_refused(&refused, "AWS denies PutRestApi of the API", &reader);
    assert!(refused.stderr.contains("allow `apigateway:PUT` on"), "{refused:?}");
    let resource = format!("::/restapis/{}`", account.id);
    assert!(refused.stderr.contains(&resource), "{refused:?}");
}

#[test]
fn a_user_who_may_not_deploy_learns_that_the_stage_is_as_before() {
    let (account, _) = Account::new();
    let actions = ["apigateway:Get*", "apigateway:PutRestApi", "apigateway:UpdateRestApi"];
    let writer = account.moto.credentials("writer", &actions).expect("a user");
    let refused = account.deploy(&writer);
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    assert!(
        refused.stderr.contains("AWS denies CreateDeployment of the API")
            && refused.stderr.contains("the API's definition was put back")
            && refused.stderr.contains("allow `apigateway:POST` on"),
        "{refused:?}"
    );
    let (paths, deployments) = account.state();
    assert_eq!(deployments, 0);
    assert!(!paths.iter().any(|path| path == "/books/{id}"), "{paths:?}");
}
