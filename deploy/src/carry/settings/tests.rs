use super::*;

#[test]
fn an_overwrite_that_carries_no_binary_types_is_repaired() {
    // As recorded of AWS: an overwrite replaced image/heif by what the document had.
    let before = RestApi {
        binary_media_types: vec!["image/heif".into()],
        ..RestApi::default()
    };
    let after = RestApi {
        binary_media_types: vec!["image/png".into(), "image/jpg".into()],
        ..RestApi::default()
    };
    let found = mismatches(&before, &after);
    assert_eq!(found.len(), 1);
    let paths: Vec<&str> = found[0].patches.iter().map(|patch| patch.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/binaryMediaTypes/image~1heif",
            "/binaryMediaTypes/image~1jpg",
            "/binaryMediaTypes/image~1png"
        ]
    );
}

#[test]
fn an_expanded_policy_is_no_mismatch_and_a_lost_one_is() {
    let api = |policy: Option<&str>| RestApi {
        id: "abc123".into(),
        policy: policy.map(str::to_owned),
        ..RestApi::default()
    };
    let written = api(Some(r#"{"Statement": {"Resource": "execute-api:/*"}}"#));
    let read = api(Some(
        r#"{\"Statement\":[{\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc123/*\"}]}"#,
    ));
    assert_eq!(mismatches(&written, &read), []);
    let found = mismatches(&read, &api(None));
    assert_eq!(found[0].setting, "resource policy");
    let value = found[0].patches[0].value.as_deref().unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(value).is_ok(), "{value}");
}

#[test]
fn a_setting_that_is_absent_has_its_default() {
    let header = RestApi {
        api_key_source: Some("HEADER".into()),
        description: Some(String::new()),
        ..RestApi::default()
    };
    assert_eq!(mismatches(&header, &RestApi::default()), []);
}

#[test]
fn every_setting_that_was_changed_waits_under_its_name() {
    let api = RestApi {
        id: "abc123".into(),
        ..RestApi::default()
    };
    let of = |change: &dyn Fn(&mut RestApi)| {
        let mut edited = api.clone();
        change(&mut edited);
        waiting(&edited, &imprint(&api))
    };
    assert!(of(&|_| {}).is_empty());
    assert_eq!(of(&|api| api.policy = Some(r#"{"Statement": []}"#.into())), [POLICY]);
    assert_eq!(
        of(&|api| api.minimum_compression_size = Some(0)),
        ["minimum compression size"]
    );
    assert_eq!(
        of(&|api| api.api_key_source = Some("AUTHORIZER".into())),
        ["source of API keys"]
    );
    assert_eq!(
        of(&|api| api.vpc_endpoint_ids = vec!["vpce-1".into()]),
        ["VPC endpoints"]
    );
    assert_eq!(of(&|api| api.security_policy = Some("TLS_1_2".into())), ["TLS policy"]);
    assert_eq!(
        of(&|api| api.endpoint_access_mode = Some("STRICT".into())),
        ["endpoint access mode"]
    );
    let both = of(&|api| {
        api.binary_media_types = vec!["image/png".into()];
        api.disable_execute_api_endpoint = true;
    });
    assert_eq!(both, ["binary media types", ADDRESS]);
}

#[test]
fn what_no_deployment_takes_and_what_is_spelt_otherwise_does_not_wait() {
    let written = RestApi {
        id: "abc123".into(),
        policy: Some(r#"{"Statement": {"Resource": "execute-api:/*"}}"#.into()),
        binary_media_types: vec!["a/b".into(), "c/d".into()],
        ..RestApi::default()
    };
    let read = RestApi {
        name: "Another".into(),
        description: Some("It is.".into()),
        policy: Some(
            r#"{\"Statement\":[{\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc123/*\"}]}"#.into(),
        ),
        binary_media_types: vec!["c/d".into(), "a/b".into()],
        api_key_source: Some("HEADER".into()),
        ..written.clone()
    };
    assert!(waiting(&read, &imprint(&written)).is_empty());
}

#[test]
fn an_older_imprint_lacks_what_is_new() {
    let api = RestApi {
        binary_media_types: vec!["a/b".into()],
        ..RestApi::default()
    };
    let policy = imprint(&api).split('.').next().unwrap().to_owned();
    assert!(waiting(&api, &policy).is_empty());
    assert_eq!(waiting(&api, &format!("{policy}.00000000")), ["binary media types"]);
}

/// Of every setting another value than the default.
fn full() -> RestApi {
    RestApi {
        name: "Shop".into(),
        description: Some("sells".into()),
        policy: Some("{}".into()),
        minimum_compression_size: Some(0),
        api_key_source: Some("AUTHORIZER".into()),
        disable_execute_api_endpoint: true,
        binary_media_types: vec!["image/png".into()],
        vpc_endpoint_ids: vec!["vpce-1".into()],
        security_policy: Some("TLS_1_2".into()),
        endpoint_access_mode: Some("STRICT".into()),
        ip_address_type: Some("dualstack".into()),
        ..RestApi::default()
    }
}

/// As AWS answers about settings that an overwrite reset.
fn reset() -> RestApi {
    RestApi {
        api_key_source: Some("HEADER".into()),
        security_policy: Some("TLS_1_0".into()),
        endpoint_access_mode: Some("BASIC".into()),
        ip_address_type: Some("ipv4".into()),
        ..RestApi::default()
    }
}

#[test]
fn no_setting_is_the_same_as_its_default_in_any_of_the_loops() {
    let names = |found: Vec<Mismatch>| found.into_iter().map(|one| one.setting).collect::<Vec<_>>();
    let all: Vec<&str> = SETTINGS.iter().map(|one| one.name).collect();
    assert_eq!(names(mismatches(&full(), &reset())), all);
    let mut now = reset();
    assert_eq!(recover(&mut now, &full()), all);
    assert_eq!(now, full());
    assert!(mismatches(&full(), &now).is_empty() && recover(&mut now, &full()).is_empty());
    assert_eq!(waiting(&full(), &imprint(&reset())).len(), 8);
}

#[test]
fn what_an_api_has_by_default_is_written_and_carried_by_nobody() {
    let mut document = Document::default();
    write(&mut document, &reset());
    assert_eq!(document, Document::default());
}

#[test]
fn what_somebody_set_since_stays() {
    let mut now = RestApi {
        policy: Some(r#"{"Statement":[]}"#.into()),
        binary_media_types: vec!["a/b".into()],
        security_policy: Some("TLS_1_3".into()),
        ..full()
    };
    let set = now.clone();
    assert!(recover(&mut now, &full()).is_empty());
    assert_eq!(now, set);
}

#[test]
fn nothing_is_done_about_what_the_service_did_not_tell() {
    // A new API has what AWS gives it.
    assert_eq!(
        mismatches(
            &RestApi::default(),
            &RestApi {
                security_policy: Some("TLS_1_2".into()),
                endpoint_access_mode: Some("BASIC".into()),
                ip_address_type: Some("dualstack".into()),
                ..RestApi::default()
            }
        ),
        []
    );
}

#[test]
fn an_access_mode_that_nobody_set_is_taken_away_with_an_empty_text() {
    let before = RestApi {
        security_policy: Some("TLS_1_0".into()),
        ..RestApi::default()
    };
    let now = RestApi {
        endpoint_access_mode: Some("STRICT".into()),
        ..before.clone()
    };
    let found = mismatches(&before, &now);
    assert_eq!(found[0].patches, [Patch::replace("/endpointAccessMode", "")]);
}

#[test]
fn a_tls_policy_stands_in_the_document_with_its_mode() {
    for (policy, mode) in [("TLS_1_2", "BASIC"), ("SecurityPolicy_TLS13_1_3_2025_09", "STRICT")] {
        let mut document = Document::default();
        write(
            &mut document,
            &RestApi {
                security_policy: Some(policy.into()),
                endpoint_access_mode: Some(mode.into()),
                ..RestApi::default()
            },
        );
        assert_eq!(document.security_policy.as_deref(), Some(policy));
        assert_eq!(document.endpoint_access_mode.as_deref(), Some(mode));
    }
}
