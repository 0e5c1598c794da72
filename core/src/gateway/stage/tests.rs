use super::*;

fn patched(told: &mut Json, path: &str, value: &str) -> Result<(), Refused> {
    let operation = Operation::new(Op::Replace, path.to_owned(), Some(value.to_owned()), None);
    patch(told, &operation)
}

#[test]
fn what_patches_set_is_what_a_stage_is_set_to() {
    let mut told = made("dev", 0);
    let set = [
        ("/description", "d"),
        ("/variables/host", "a.example"),
        ("/tracingEnabled", "true"),
        ("/cacheClusterEnabled", "true"),
        ("/cacheClusterSize", "1.6"),
        ("/accessLogSettings/format", "$context.requestId"),
        ("/*/*/throttling/rateLimit", "12.5"),
        ("/~1books~1{id}/GET/logging/loglevel", "INFO"),
        ("/~1/GET/metrics/enabled", "true"),
    ];
    for (path, value) in set {
        patched(&mut told, path, value).unwrap();
    }
    let found = settings(&told);
    for (path, value) in set {
        assert_eq!(found.get(path).map(String::as_str), Some(value), "{path}");
    }
    assert_eq!(settings(&of_settings(&found)), found);
}

#[test]
fn a_method_begins_with_what_is_so_for_all_of_them() {
    let mut told = made("dev", 0);
    patched(&mut told, "/*/*/caching/enabled", "true").unwrap();
    patched(&mut told, "/~1test/GET/throttling/burstLimit", "124").unwrap();
    // As recorded of AWS.
    let method = &told["methodSettings"]["test/GET"];
    assert_eq!(
        (&method["cachingEnabled"], &method["throttlingBurstLimit"]),
        (&json!(true), &json!(124))
    );
    assert_eq!(method["throttlingRateLimit"], 10_000.0);
}

#[test]
fn values_that_are_none_are_refused() {
    for (path, value) in [
        ("/*/*/logging/loglevel", "LOUD"),
        ("/*/*/throttling/burstLimit", "many"),
        ("/cacheClusterSize", "7"),
        ("/accessLogSettings/format", ""),
        ("/unheard", "1"),
    ] {
        let mut told = made("dev", 0);
        assert!(patched(&mut told, path, value).is_err(), "{path}");
    }
}

#[test]
fn a_cache_that_is_on_is_there_and_has_a_size() {
    let mut told = made("dev", 0);
    patched(&mut told, "/cacheClusterEnabled", "true").unwrap();
    assert_eq!(
        (&told["cacheClusterStatus"], &told["cacheClusterSize"]),
        (&json!("AVAILABLE"), &json!("0.5"))
    );
    patched(&mut told, "/cacheClusterEnabled", "false").unwrap();
    assert_eq!(
        (&told["cacheClusterStatus"], told.get("cacheClusterSize")),
        (&json!("NOT_AVAILABLE"), None)
    );
}
