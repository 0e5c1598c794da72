use bluegate_core::aws::Service;

use super::*;

fn at(endpoint: Option<&str>) -> Destination {
    Destination {
        region: "eu-west-1".into(),
        endpoint: endpoint.map(str::to_owned),
        credentials: CredentialsOrigin::AwsFile,
        account_id: None,
        service: Service::Aws,
    }
}

fn explain(operation: Operation, cause: Cause) -> Failure {
    explain_call(&CallError::new(operation, cause).about("abc123"), &at(None))
}

#[test]
fn each_cause_has_its_own_words() {
    let said = || "words".to_owned();
    let causes = [
        Cause::NotFound { message: said() },
        Cause::AccessDenied { message: said() },
        Cause::ExpiredToken,
        Cause::InvalidCredentials { code: said() },
        Cause::ClockSkew,
        Cause::Throttled { retry_after: None },
        Cause::QuotaReached { message: said() },
        Cause::Conflict { message: said() },
        Cause::Busy { message: said() },
        Cause::Exists { message: said() },
        Cause::Refused { message: said() },
        Cause::Unavailable {
            retry_after: None,
            status: 503,
            message: said(),
        },
        Cause::UnknownHost,
        Cause::Unreachable { detail: said() },
        Cause::Tls { detail: said() },
        Cause::TimedOut,
        Cause::DeadlinePassed,
        Cause::Garbled {
            status: 500,
            content_type: Some("text/html".into()),
        },
        Cause::Other {
            code: None,
            message: said(),
        },
    ];
    let mut seen = std::collections::HashSet::new();
    for cause in causes {
        let failure = explain(Operation::PutRestApi, cause.clone());
        assert!(failure.help.is_some(), "{cause:?}");
        assert!(seen.insert(failure.message.clone()), "{cause:?}: {}", failure.message);
    }
}

#[test]
fn help_about_a_refused_call_is_about_that_call() {
    let help = |operation, message: &str| {
        let message = message.to_owned();
        explain(operation, Cause::Refused { message }).help.unwrap()
    };
    for (operation, told) in [
        (Operation::PutRestApi, "bluegate generate"),
        (Operation::ImportRestApi, "bluegate generate"),
        (Operation::UpdateStage, "`stages` of the AWS file"),
        (Operation::TagResource, "tags"),
        (Operation::DeleteRestApi, "custom domain names"),
        (Operation::CreateDeployment, "integration"),
        (Operation::GetStage, "`stage` in the AWS file"),
    ] {
        let help = help(operation, "no");
        assert!(help.contains(told), "{operation}: {help}");
        assert_eq!(
            help.contains("generate"),
            told.contains("generate"),
            "{operation}: {help}"
        );
    }
    let role = "CloudWatch Logs role ARN must be set in account settings to enable logging";
    assert!(help(Operation::UpdateStage, role).contains("update-account"));
}

#[test]
fn a_missing_api_is_named_with_its_region() {
    let failure = explain(
        Operation::GetRestApi,
        Cause::NotFound {
            message: "Invalid API identifier specified".into(),
        },
    );
    assert_eq!(failure.message, "there is no REST API `abc123` in region `eu-west-1`");
}

#[test]
fn a_missing_stage_is_not_a_missing_api() {
    let failure = explain(
        Operation::GetStage,
        Cause::NotFound {
            message: "Invalid stage identifier specified".into(),
        },
    );
    assert!(!failure.message.contains("no REST API"), "{}", failure.message);
    assert!(
        failure.message.contains("Invalid stage identifier"),
        "{}",
        failure.message
    );
}

#[test]
fn a_denied_call_is_allowed_by_names_of_its_partition() {
    let place = Destination {
        region: "us-gov-west-1".into(),
        ..at(None)
    };
    let error = CallError::new(Operation::GetRestApi, Cause::AccessDenied { message: "no".into() });
    let help = explain_call(&error.about("abc"), &place).help.unwrap();
    assert!(
        help.contains("`arn:aws-us-gov:apigateway:us-gov-west-1::/restapis/abc`"),
        "{help}"
    );
}

#[test]
fn what_a_denied_call_needs_is_what_the_policy_allows() {
    let scope = Scope {
        region: Some("eu-west-1".into()),
        rest_api_id: Some("abc123".into()),
        ..Scope::default()
    };
    let policy = bluegate_deploy::api::policy(bluegate_deploy::api::Purpose::Deploy, &scope).to_string();
    for operation in [
        Operation::GetExport,
        Operation::TagResource,
        Operation::Invoke,
        Operation::UpdateStage,
    ] {
        let failure = explain(operation, Cause::AccessDenied { message: "no".into() });
        let help = failure.help.unwrap();
        let named: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
        assert_eq!(named.len(), 2, "{help}");
        for name in named {
            assert!(policy.contains(&format!("\"{name}\"")), "{name} is not in {policy}");
        }
    }
}

#[test]
fn a_document_with_warnings_is_answered_with_the_flags_that_let_it_pass() {
    let message =
        "Warnings found during import:\n\tParse issue: attribute paths.'/a'(get) \"x\" is $1\n\tAnother".into();
    let help = explain(Operation::PutRestApi, Cause::Refused { message }).help.unwrap();
    assert_eq!(
        help,
        r#"mend the routes file, or let it pass with --allow-warning "Parse issue: attribute paths.'/a'(get) \"x\" is \$1" --allow-warning "Another""#
    );
}

#[test]
fn a_key_that_aws_does_not_know_may_be_one_of_a_region_that_is_not_enabled() {
    let help = |code: &str| explain(Operation::GetRestApi, Cause::InvalidCredentials { code: code.into() }).help;
    assert!(
        help("UnrecognizedClientException")
            .unwrap()
            .contains("is the region `eu-west-1` enabled")
    );
    assert!(!help("SignatureDoesNotMatch").unwrap().contains("enabled"));
}

#[test]
fn a_denied_call_names_the_action_to_allow() {
    let failure = explain(
        Operation::CreateDeployment,
        Cause::AccessDenied {
            message: "not authorized".into(),
        },
    );
    let help = failure.help.unwrap();
    assert!(
        help.contains("`apigateway:POST` on `arn:aws:apigateway:eu-west-1::/restapis/abc123/deployments`"),
        "{help}"
    );
}

#[test]
fn an_unreachable_endpoint_of_the_environment_is_named() {
    let error = CallError::new(
        Operation::GetRestApi,
        Cause::Unreachable {
            detail: "Connection refused".into(),
        },
    );
    let failure = explain_call(&error, &at(Some("http://127.0.0.1:1")));
    assert!(failure.message.contains("http://127.0.0.1:1"), "{}", failure.message);
    assert!(failure.help.unwrap().contains("AWS_ENDPOINT_URL"));
}
