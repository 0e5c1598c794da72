//! What is mapped, from where and to where.

use super::*;

#[test]
fn what_is_mapped_comes_from_somewhere_and_goes_somewhere() {
    refuses(
        "",
        "{type: GET, map: {header.X: fixed}}",
        Code::Mapping,
        "fixed",
        "`'fixed'`",
    );
    refuses(
        "",
        "{type: GET, map: {cookie.X: header.X}}",
        Code::Mapping,
        "cookie.X",
        "`header.X`",
    );
    refuses(
        "",
        "{type: GET, map: {header.X: header.}}",
        Code::Mapping,
        "header.",
        "`header.X`",
    );
    refuses(
        "",
        "{type: GET, function: f, proxyIntegration: false, integrationResponses: {default: {map: {header.X: path.id}}}}",
        Code::Mapping,
        "path.id",
        "'path.id'",
    );
    let map = "{header.A: query.q, query.b: context.requestId, path.id: path.id, header.C: body.user, header.D: body, \
               header.E: \"${var.e}\", integration.request.header.F: \"'x'\", header.G: stageVariables.g}";
    let integration = operation("", &format!("{{type: GET, map: {map}}}"))[INTEGRATION].clone();
    assert_eq!(
        integration["requestParameters"],
        json!({
            "integration.request.path.id": "method.request.path.id",
            "integration.request.header.A": "method.request.querystring.q",
            "integration.request.querystring.b": "context.requestId",
            "integration.request.header.C": "method.request.body.user",
            "integration.request.header.D": "method.request.body",
            "integration.request.header.E": "${var.e}",
            "integration.request.header.F": "'x'",
            "integration.request.header.G": "stageVariables.g",
        })
    );
}

#[test]
fn what_a_mapping_reads_is_declared() {
    let declared = |action: &str| {
        let operation = operation("", action);
        let parameters = operation["parameters"].as_array().unwrap().clone();
        let names = parameters
            .iter()
            .map(|one| format!("{} {}", one["in"], one["name"]).replace('"', ""));
        names.collect::<Vec<String>>()
    };
    assert_eq!(
        declared("{type: GET, map: {header.A: header.X-Token, header.B: query.q}, cacheKeys: [query.page]}"),
        ["path id", "header X-Token", "query q", "query page"]
    );
    assert_eq!(
        declared("{type: GET, headers: [{name: x-token}], map: {header.A: header.X-Token}}"),
        ["path id", "header x-token"]
    );
}

#[test]
fn a_variable_in_a_key_is_told_for_nothing_is_filled_in_there() {
    refuses(
        "",
        "{type: GET, map: {\"header.X-${var.name}\": \"'${var.value}'\"}}",
        Code::Reference,
        "\"header.X-${var.name}",
        "in its value",
    );
    let keys = "models: {Book: {properties: {\"${stageVariables.name}\": {}}}}";
    assert!(read(keys, "{type: POST, body: Book}").diagnostics.is_empty());
}
