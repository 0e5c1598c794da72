//! No input makes the core panic, hang or lose a place.

use bluegate_core::{Mode, Source, openapi, read_aws, read_blueprint, render, schema};
use proptest::prelude::*;

/// Reads a text in every way, and checks that each finding has a place inside the text.
fn read_everything(name: &str, text: &str) {
    let source = Source::new(name, text);
    for mode in [Mode::Strict, Mode::Compat] {
        let outcome = read_blueprint(&source, mode);
        for found in &outcome.diagnostics {
            if let Some(span) = found.span {
                assert!(text.get(span.start..span.end).is_some(), "{found:?} in {text:?}");
            }
            assert!(!found.message.is_empty());
        }
        let shown = render::diagnostics(&source, &outcome.diagnostics, render::Style::default());
        assert!(outcome.diagnostics.is_empty() == shown.is_empty());
        assert_eq!(
            render::records(&source, &outcome.diagnostics).len(),
            outcome.diagnostics.iter().count()
        );
        if let Some(blueprint) = outcome.value {
            let document = openapi::document(&blueprint, &openapi::Target::default());
            let json: serde_json::Value = serde_json::from_str(&document.to_json()).expect("JSON");
            let yaml: serde_json::Value = serde_yaml::from_str(&document.to_yaml()).expect("YAML");
            assert_eq!(json, yaml);
            assert_eq!(document.json_bytes(), document.to_json().len());
        } else {
            assert!(outcome.diagnostics.has_errors());
        }
    }
    let aws = Source::new(name, text).secret();
    let outcome = read_aws(&aws);
    let _ = render::diagnostics(&aws, &outcome.diagnostics, render::Style { color: true });
}

/// Texts that look like routes files, with something wrong in them.
fn nearly_routes() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("\"GET\"".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("12".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("\"/users/{id}\"".to_owned()),
        Just("\"int(min=1)\"".to_owned()),
        "\"[ -~é日]{0,12}\"",
        ".{0,8}",
    ];
    let key = prop_oneof![
        Just("type"),
        Just("path"),
        Just("name"),
        Just("cors"),
        Just("enable"),
        Just("actions"),
        Just("queryParams"),
        Just("allowHeaders"),
        Just("authorization"),
        Just("vpcLink"),
        Just("integration"),
        Just("x"),
        Just("methods"),
        Just("resources"),
        Just("blueprint"),
        Just("url_prefix"),
        Just("handler"),
        Just("flask"),
    ];
    let leaf = word.boxed();
    let tree = leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\": {value}"))
                    .collect();
                format!("{{{}}}", members.join(",\n"))
            }),
        ]
    });
    tree.prop_map(|tree| {
        format!("{{\"blueprint\": {{\"name\": \"b\", \"resources\": [{{\"name\": \"r\", \"methods\": [{tree}]}}]}}}}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        read_everything("routes.json", &text);
        read_everything("routes.yaml", &text);
    }

    #[test]
    fn texts_of_brackets_and_quotes_are_read_without_a_panic(text in "[\\[\\]{}:,\"\\\\ \n\t'#&*!|>-]{0,80}") {
        read_everything("routes.json", &text);
        read_everything("routes.yaml", &text);
    }

    #[test]
    fn texts_that_are_nearly_right_are_read_without_a_panic(text in nearly_routes()) {
        read_everything("routes.json", &text);
        read_everything("routes.yaml", &text);
    }

    #[test]
    fn any_path_is_composed_or_refused(path in "[/{}a-z+<>:*.é %-]{0,30}", prefix in "[/a-z{}]{0,10}") {
        let text = serde_json::json!({"blueprint": {"name": "b", "url_prefix": prefix, "resources": [{"name": "r",
            "methods": [{"path": path, "pathParams": [{"name": "a"}], "actions": [{"type": "GET"}]}]}]}});
        let source = Source::new("routes.json", text.to_string());
        if let Ok((blueprint, _)) = read_blueprint(&source, Mode::Strict).into_result() {
            let path = &blueprint.routes[0].path;
            prop_assert!(path.gateway.starts_with('/') && !path.gateway.contains("//"));
            prop_assert!(path.service.starts_with('/') && !path.service.contains("//"));
            prop_assert!(path.gateway == "/" || !path.gateway.ends_with('/'));
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error_with_a_place() {
    let text = r#"{"blueprint": {"name": "b", "resources": [{"name": "r", "methods": [
        {"path": "/u", "cors": {"enable": true, "allowHeaders": ["X-é"]}, "actions": [{"type": "GET"}]}]}]}}"#;
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let source = Source::new("routes.json", &text[..end]);
        let found = read_blueprint(&source, Mode::Strict).diagnostics;
        assert!(found.has_errors(), "cut at {end}");
        assert!(found.iter().next().unwrap().span.is_some(), "cut at {end}");
    }
}

#[test]
fn the_same_api_in_yaml_has_the_same_meaning() {
    let json = r#"{"blueprint": {"name": "b", "url_prefix": "/p", "resources": [{"name": "r", "methods": [
        {"path": "/u", "pathParams": [{"name": "id", "type": "int"}], "cors": {"enable": true},
         "actions": [{"type": "GET", "authorization": "AWS_IAM"}, {"type": "PUT", "vpcLink": null}]}]}]}}"#;
    let yaml = "
blueprint:
  name: b
  url_prefix: /p
  resources:
  - name: r
    methods:
    - path: /u
      pathParams: [{name: id, type: int}]
      cors: {enable: true}
      actions:
      - {type: GET, authorization: AWS_IAM}
      - type: PUT
        vpcLink:
";
    let document = |name: &str, text: &str| {
        let (blueprint, _) = read_blueprint(&Source::new(name, text), Mode::Strict)
            .into_result()
            .unwrap();
        openapi::document(&blueprint, &openapi::Target::default()).to_json()
    };
    assert_eq!(document("routes.json", json), document("routes.yaml", yaml));
}

#[test]
fn a_mistake_is_told_the_same_way_in_yaml() {
    let json = "{\"blueprint\": {\"name\": \"b\", \"resources\": [{\"name\": \"r\", \"methods\": [\n{\"pth\": \"/u\", \"actions\": []}]}]}}";
    let yaml = "blueprint:\n  name: b\n  resources:\n  - name: r\n    methods:\n    - pth: /u\n      actions: []\n";
    let told = |name: &str, text: &str| {
        let found = read_blueprint(&Source::new(name, text), Mode::Strict).diagnostics;
        found
            .iter()
            .map(|found| (found.code, found.message.clone(), found.help.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told("routes.json", json), told("routes.yaml", yaml));
    let source = Source::new("routes.yaml", yaml);
    let found = read_blueprint(&source, Mode::Strict).diagnostics;
    let location = source.location(found.iter().next().unwrap().span.unwrap().start);
    assert_eq!((location.line, location.column), (6, 7));
}

#[test]
fn the_committed_schemas_are_the_ones_of_the_structs() {
    for (name, schema) in [
        ("routes", schema::routes()),
        ("aws", schema::aws()),
        #[cfg(feature = "types")]
        ("types", schema::types()),
    ] {
        let path = format!("{}/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let text = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(format!("{}/schema", env!("CARGO_MANIFEST_DIR"))).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "run with UPDATE_SCHEMAS=1 to write {name}.schema.json anew"
        );
    }
}
