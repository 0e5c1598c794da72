//! What a route takes and gives: parameters, bodies, answers and their models.

use super::*;

#[test]
fn what_is_taken_and_given_stands_in_the_document() {
    let keys = "models:\n  Book: {type: object, properties: {next: {$ref: \"#/models/Book\"}}}";
    let whole = document(
        keys,
        "{type: GET, validate: true, query: [{name: q, type: int, required: true, description: d}], body: {text/csv: Book}, \
         answers: {200: {model: Book, headers: [X-Total]}, 404: {description: None.}}}",
    );
    let operation = &whole["paths"]["/users/{id}"]["get"];
    let reference = json!({"schema": {"$ref": "#/components/schemas/Book"}});
    assert_eq!(
        operation["parameters"][1],
        json!({"name": "q", "in": "query", "required": true, "description": "d",
               "schema": {"type": "integer", "format": "int64", "minimum": 0}})
    );
    assert_eq!(operation["requestBody"], json!({"content": {"text/csv": reference}}));
    assert_eq!(
        operation["responses"],
        json!({
            "200": {"description": "OK", "headers": {"X-Total": {"schema": {"type": "string"}}},
                    "content": {"application/json": reference}},
            "404": {"description": "None."},
        })
    );
    assert_eq!(operation["x-amazon-apigateway-request-validator"], "all");
    assert_eq!(
        whole["x-amazon-apigateway-request-validators"],
        json!({"all": {"validateRequestBody": true, "validateRequestParameters": true}})
    );
    assert_eq!(
        whole["components"]["schemas"]["Book"]["properties"]["next"],
        json!({"$ref": "#/components/schemas/Book"})
    );
}

#[test]
fn what_is_said_raw_is_applied_last_and_says_nothing_of_who_may_call() {
    let keys = "openapi: {info: {x-owner: me}, tags: [{name: t}]}";
    let whole = document(keys, "{type: GET, openapi: {externalDocs: {url: u}, summary: null}}");
    assert_eq!(whole["info"]["x-owner"], "me");
    assert_eq!(
        whole["paths"]["/users/{id}"]["get"]["externalDocs"],
        json!({"url": "u"})
    );
    assert_eq!(whole["paths"]["/users/{id}"]["get"]["summary"], Value::Null);
    refuses(
        "",
        "{type: GET, openapi: {security: []}}",
        Code::RawAccess,
        "security",
        "`authorization`",
    );
    refuses(
        "openapi: {components: {securitySchemes: null}}",
        "{type: GET}",
        Code::RawAccess,
        "securitySchemes",
        "`authorization`",
    );
    // It takes all schemes away.
    refuses(
        "openapi: {components: null}",
        "{type: GET}",
        Code::RawAccess,
        "components",
        "`authorization`",
    );
    refuses(
        "openapi: {paths: {/x: {}}}",
        "{type: GET}",
        Code::RawAccess,
        "paths",
        "an action",
    );
    refuses(
        "openapi: {x-amazon-apigateway-api-key-source: AUTHORIZER}",
        "{type: GET}",
        Code::RawAccess,
        "x-amazon",
        "`apiKeySource`",
    );
}

#[test]
fn texts_and_models_stand_in_files_beside_the_routes_file() {
    let folder = std::env::temp_dir().join(format!("bluegate-vocabulary-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("body.json"), "{\"v\": \"${var.kept}\"}").unwrap();
    std::fs::write(folder.join("book.yaml"), "type: object\n").unwrap();
    std::fs::write(folder.join("broken.json"), "{\n  \"a\"").unwrap();
    let files = Files::beside(&folder.join("routes.yaml"));
    let read = |keys: &str, action: &str| read_routes(&file(keys, action), Mode::Strict, &files);
    let (value, _) = read(
        "models: {Book: {file: book.yaml}}",
        "{type: GET, answer: {body: {file: body.json}}}",
    )
    .into_result()
    .unwrap();
    let made: Document = openapi::document(&value.1, &Target::default());
    let made = serde_json::to_value(&made).unwrap();
    assert_eq!(made["components"]["schemas"]["Book"], json!({"type": "object"}));
    let templates = &made["paths"]["/users/{id}"]["get"][INTEGRATION]["responses"]["default"]["responseTemplates"];
    assert_eq!(templates["application/json"], "{\"v\": \"${var.kept}\"}");
    let lost = read("", "{type: GET, answer: {body: {file: none.json}}}").diagnostics;
    assert_eq!(lost.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::Unreadable]);
    let broken = read("models: {Book: {file: broken.json}}", "{type: GET}").diagnostics;
    let first = broken.iter().next().unwrap();
    assert!(first.message.contains("broken.json:"), "{}", first.message);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_handed_on_as_it_is_is_an_object() {
    let braces = "put it in braces";
    for (keys, action, at, help) in [
        ("", "{type: GET, openapi: x}", "x}", braces),
        ("openapi: [x]", "{type: GET}", "[x]", braces),
        (
            "",
            "{type: GET, query: [{name: q, schema: integer}]}",
            "integer}",
            braces,
        ),
        (
            "",
            "{type: GET, answers: {200: {headers: {X-Total: integer}}}}",
            "integer}",
            braces,
        ),
        (
            "models: {Book: object}",
            "{type: GET}",
            "object}",
            "{\"type\": \"object\"}",
        ),
        (
            "",
            "{type: GET, answer: {body: {version: 1}}}",
            "{version: 1}",
            "write the text itself, in quotes",
        ),
    ] {
        refuses(keys, action, Code::WrongType, at, help);
    }
    for unseen in [
        "policy: \"${stageVariables.policy}\"",
        "models: {Book: {file: book.json}}",
    ] {
        document(unseen, "{type: GET}");
    }
}

#[test]
fn what_api_gateway_does_not_read_of_a_model_is_told_with_its_place() {
    let all = |schema: &str| {
        let source = file(&format!("models: {{Book: {schema}}}"), "{type: POST, body: Book}");
        let outcome = read_blueprint(&source, Mode::Strict);
        assert!(outcome.value.is_some());
        let found = found(&source, &outcome.diagnostics);
        assert!(found.iter().all(|(code, ..)| *code == Code::LostKeyword), "{found:?}");
        let messages: Vec<String> = outcome.diagnostics.iter().map(|one| one.message.clone()).collect();
        let told = found.into_iter().zip(messages);
        told.map(|((_, at, help), message)| (at, help, message))
            .collect::<Vec<_>>()
    };
    for (schema, at, help, message) in [
        ("{const: 1}", "const", "`\"enum\": […]`", "`const`"),
        ("{nullable: true}", "nullable", "anyOf", "leaves it out"),
        ("{exclusiveMinimum: 1}", "exclusiveMinimum", "`minimum`", "refuses"),
        ("{propertis: {}}", "propertis", "`properties`", "no keyword `propertis`"),
        ("{colour: red}", "colour", "remove it", "no keyword `colour`"),
        ("{type: int}", "int}", "integer", "`int` is no type"),
        ("{type: [string, nul]}", "nul]", "`null`", "/type: `nul`"),
        (
            "{required: true}",
            "true}",
            "draft 4",
            "/required: expected a list of names",
        ),
        ("{required: [1]}", "[1]", "draft 4", "a list of names"),
        ("{properties: [a]}", "[a]", "draft 4", "by name"),
        ("{minLength: -1}", "-1", "draft 4", "a whole number"),
        ("{minimum: \"1\"}", "\"1\"", "draft 4", "a number"),
        ("{items: true}", "true", "draft 4", "a JSON Schema"),
        ("{properties: {a: 1}}", "1", "`{}`", "/properties/a: expected"),
        (
            "{properties: {a/b: {items: {if: {}}}}}",
            "if",
            "`oneOf`",
            "/properties/a~1b/items: ",
        ),
        ("{allOf: [{}, {examples: []}]}", "examples", "remove it", "/allOf/1: "),
        (
            "{$ref: \"common.json#/Address\"}",
            "\"common",
            "#/models/NAME",
            "is no model",
        ),
        ("{$ref: \"#/definitions/A\"}", "\"#/def", "#/models/NAME", "is no model"),
        (
            "{$schema: \"https://json-schema.org/draft/2020-12/schema\"}",
            "\"https",
            "draft-04",
            "draft 4",
        ),
    ] {
        let told = all(schema);
        let [(place, found_help, found_message)] = told.as_slice() else {
            panic!("{schema}: {told:?}");
        };
        assert!(place.starts_with(at), "{schema}: {place}");
        assert!(found_help.contains(help), "{schema}: {found_help}");
        assert!(found_message.contains(message), "{schema}: {found_message}");
    }
    // Once a keyword, however often it stands there.
    let many = all("{example: 1, properties: {a: {example: 2}, b: {example: 3}}}");
    assert_eq!(many.len(), 1, "{many:?}");
    for fine in [
        "{$schema: \"http://json-schema.org/draft-04/schema#\", id: x, title: t, description: d, default: null}",
        "{type: [string, \"null\"], enum: [a, null], pattern: a, minLength: 1, maxLength: 2, format: date}",
        "{type: number, minimum: 1.5, maximum: 2, exclusiveMaximum: true, multipleOf: 2, x-mine: 1}",
        "{type: array, items: [{}, {}], additionalItems: false, minItems: 1, maxItems: 2, uniqueItems: true}",
        "{properties: {const: {}, if: {}, example: {type: string}}, required: [const], additionalProperties: {}}",
        "{patternProperties: {a: {}}, minProperties: 1, maxProperties: 2, dependencies: {a: [b], c: {}}}",
        "{allOf: [{}], anyOf: [{}], oneOf: [{}], not: {}}",
        "{enum: [{const: 1}], default: {nullable: 1}}",
        "{type: object, properties: {next: {$ref: \"#/models/Book\"}}}",
        "{$ref: \"https://apigateway.amazonaws.com/restapis/${var.api}/models/Book\"}",
    ] {
        assert_eq!(all(fine), [], "{fine}");
    }
    let inline = read(
        "",
        "{type: POST, body: {const: 1}, answers: {200: {model: {nullable: true}}}}",
    );
    let codes: Vec<Code> = inline.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::LostKeyword, Code::LostKeyword]);
}

#[test]
fn what_is_said_twice_or_of_a_parameter_that_there_is_not_is_refused() {
    for (action, code, at) in [
        (
            "{type: GET, query: [{name: q, type: int, schema: {type: string}}]}",
            Code::KeyConflict,
            "{type: string}",
        ),
        (
            "{type: GET, headers: [{name: X-A}, {name: x-a}]}",
            Code::RepeatedParameter,
            "x-a",
        ),
        (
            "{type: GET, answers: {200: {model: {}, content: {application/json: {}}}}}",
            Code::KeyConflict,
            "application/json",
        ),
        (
            "{type: GET, cacheKeys: [path.other]}",
            Code::ForeignPathParameter,
            "path.other",
        ),
    ] {
        refuses("", action, code, at, "");
    }
    for action in [
        "{type: GET, query: [{name: q}, {name: Q}], cacheKeys: [path.id, query.q]}",
        "{type: GET, answers: {200: {model: {}, content: {text/csv: {}}}}}",
    ] {
        assert!(read("", action).diagnostics.is_empty(), "{action}");
    }
}
