//! Files with one fault each: refused by every command, with file and line, and nothing left behind.

use crate::project::{AWS, KEY_ID, Project, ROUTES, SECRET};

/// A fault: what is replaced by what, and the line that is to be named.
struct Fault {
    name: &'static str,
    from: &'static str,
    to: &'static str,
    line: usize,
    says: &'static str,
}

const fn fault(name: &'static str, from: &'static str, to: &'static str, line: usize, says: &'static str) -> Fault {
    Fault {
        name,
        from,
        to,
        line,
        says,
    }
}

const ROUTES_FAULTS: &[Fault] = &[
    fault(
        "no comma",
        "\"shop\",\n    \"url_prefix\"",
        "\"shop\"\n    \"url_prefix\"",
        3,
        "BG0002",
    ),
    fault("comma at the end", "\"abc123\"}\n", "\"abc123\"},\n", 15, "BG0002"),
    fault("single quotes", "\"name\": \"users\"", "'name': 'users'", 7, "BG0002"),
    fault(
        "a comment",
        "\"name\": \"users\",",
        "// users\n\"name\": \"users\",",
        7,
        "BG0002",
    ),
    fault("open string", "\"/shop\"", "\"/shop", 4, "BG0002"),
    fault("bad escape", "\"/shop\"", "\"/sh\\qop\"", 4, "BG0002"),
    fault("lone surrogate", "\"/shop\"", "\"/sh\\ud800op\"", 4, "BG0002"),
    fault("NaN", "\"enable\": true", "\"enable\": NaN", 12, "BG0002"),
    fault("text behind the end", "  }\n}\n", "  }\n}\nx\n", 23, "BG0002"),
    fault(
        "misspelt key",
        "\"url_prefix\"",
        "\"url_prefx\"",
        4,
        "did you mean `url_prefix`?",
    ),
    fault(
        "misspelt key of an action",
        "\"authorization\"",
        "\"authorisation\"",
        14,
        "`authorization`",
    ),
    fault(
        "foreign key",
        "\"name\": \"users\",",
        "\"name\": \"users\", \"color\": 1,",
        7,
        "BG0004",
    ),
    fault(
        "key twice",
        "\"name\": \"shop\",",
        "\"name\": \"shop\", \"name\": \"other\",",
        3,
        "BG0005",
    ),
    fault("no name", "    \"name\": \"shop\",\n", "", 2, "BG0006"),
    fault("no path", "            \"path\": \"/users/{id}\",\n", "", 9, "BG0006"),
    fault("no type", "{\"type\": \"GET\", ", "{", 14, "BG0006"),
    fault("path as a number", "\"/users/{id}\"", "7", 10, "BG0007"),
    fault(
        "resources as an object",
        "\"resources\": [",
        "\"resources\": {}, \"x\": [",
        5,
        "BG0007",
    ),
    fault("bool as text", "\"enable\": true", "\"enable\": \"true\"", 12, "BG0007"),
    fault("bool as a number", "\"enable\": true", "\"enable\": 1", 12, "BG0007"),
    fault(
        "parameters as an object",
        "[{\"name\": \"id\", \"type\": \"int\"}]",
        "{\"id\": \"int\"}",
        11,
        "BG0007",
    ),
    fault(
        "parameters as texts",
        "[{\"name\": \"id\", \"type\": \"int\"}]",
        "[\"id\"]",
        11,
        "BG0007",
    ),
    fault("headers as a text", "[\"X-Tenant\"]", "\"X-Tenant\"", 12, "BG0007"),
    fault("unknown verb", "\"GET\"", "\"FETCH\"", 14, "BG0008"),
    fault("misspelt verb", "\"GET\"", "\"GTE\"", 14, "GET"),
    fault("misspelt authorization", "\"AWS_IAM\"", "\"AWS_IMA\"", 14, "AWS_IAM"),
    fault("authorization as true", "\"AWS_IAM\"", "true", 14, "BG0007"),
    fault("misspelt integration", "\"VPC_LINK\"", "\"VPC_LNIK\"", 15, "VPC_LINK"),
    fault(
        "unknown converter",
        "\"type\": \"int\"",
        "\"type\": \"integer\"",
        11,
        "BG0009",
    ),
    fault(
        "converter with a bad argument",
        "\"type\": \"int\"",
        "\"type\": \"int(min=x)\"",
        11,
        "BG0009",
    ),
    fault(
        "converter that is not closed",
        "\"type\": \"int\"",
        "\"type\": \"int(min=1\"",
        11,
        "BG0009",
    ),
    fault(
        "both names of the parameters",
        "\"queryParams\":",
        "\"pathParams\": [], \"queryParams\":",
        11,
        "BG0010",
    ),
    fault("space in a path", "/users/{id}", "/us ers/{id}", 10, "BG0101"),
    fault("part of a segment", "/users/{id}", "/users/x-{id}", 10, "BG0102"),
    fault("path without slash", "\"/users/{id}\"", "\"users/{id}\"", 10, "BG0103"),
    fault("empty segment", "/users/{id}", "/users//{id}", 10, "BG0103"),
    fault(
        "a parameter as Flask has it",
        "/users/{id}",
        "/users/<int:id>",
        10,
        "BG0104",
    ),
    fault(
        "a parameter as Express has it",
        "/users/{id}",
        "/users/:id",
        10,
        "BG0104",
    ),
    fault(
        "greedy in the middle",
        "/users/{id}\",\n            \"queryParams\": [{\"name\": \"id\", \"type\": \"int\"}],",
        "/{id+}/users\",",
        10,
        "BG0105",
    ),
    fault("a parameter twice", "/users/{id}", "/users/{id}/{id}", 10, "BG0106"),
    fault(
        "a parameter's name",
        "{\"name\": \"id\", \"type\"",
        "{\"name\": \"i d\", \"type\"",
        11,
        "BG0107",
    ),
    fault(
        "the same route twice",
        "\"PUT\", \"integration\": \"VPC_LINK\", \"vpcLink\": \"abc123\"",
        "\"GET\"",
        15,
        "BG0109",
    ),
    fault("a header's name", "[\"X-Tenant\"]", "[\"X Tenant\"]", 12, "BG0114"),
    fault(
        "a header that breaks out",
        "[\"X-Tenant\"]",
        "[\"X'),'*\"]",
        12,
        "BG0114",
    ),
    fault("no link", ", \"vpcLink\": \"abc123\"", "", 15, "BG0116"),
    fault("a link that is none", "\"abc123\"", "\"not/a link\"", 15, "BG0118"),
    fault(
        "a handler that is none",
        "\"GET\", ",
        "\"GET\", \"handler\": \"a-b\", ",
        14,
        "BG0120",
    ),
    fault("empty name of a resource", "\"users\"", "\"\"", 7, "BG0124"),
];

const AWS_FAULTS: &[Fault] = &[
    fault("no comma", "\"eu-west-1\",", "\"eu-west-1\"", 2, "BG0002"),
    fault("misspelt key", "\"region\"", "\"regoin\"", 2, "did you mean `region`?"),
    fault(
        "key twice",
        "\"stage\": \"dev\",",
        "\"stage\": \"dev\", \"stage\": \"prod\",",
        11,
        "BG0005",
    ),
    fault(
        "secret as a number",
        "\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
        "7",
        5,
        "BG0007",
    ),
    fault("aws as a list", "\"aws\": {", "\"aws\": [], \"x\": {", 3, "BG0007"),
    fault("bad region", "\"eu-west-1\"", "\"Ireland\"", 2, "BG0203"),
    fault("bad stage", "\"dev\",", "\"bad stage!\",", 11, "BG0201"),
    fault(
        "bad URL",
        "\"https://backend.example.com/\"",
        "\"backend.example.com\"",
        10,
        "BG0202",
    ),
    fault(
        "a URL with a password",
        "https://backend",
        "https://me:word@backend",
        10,
        "BG0202",
    ),
    fault(
        "half a pair",
        "    \"access_key_id\": \"AKIAIOSFODNN7EXAMPLE\",\n",
        "",
        4,
        "BG0204",
    ),
    fault("an empty half", "\"AKIAIOSFODNN7EXAMPLE\"", "\"\"", 5, "BG0204"),
];

fn break_at(text: &str, fault: &Fault) -> String {
    assert!(
        text.contains(fault.from),
        "{}: `{}` is not there",
        fault.name,
        fault.from
    );
    text.replacen(fault.from, fault.to, 1)
}

/// Runs every command that reads the files: each must refuse, say where, and leave the folder as it was.
/// What does not is told.
fn is_refused_everywhere(project: &Project, name: &str, place: &str, says: &str) -> Vec<String> {
    let before = project.content();
    let mut wrong = Vec::new();
    for command in [
        "check --routes routes.json --aws-config aws.config.json",
        "generate --routes routes.json --aws-config aws.config.json --output-openapifile-path out.yml",
        "routes --routes routes.json --aws-config aws.config.json",
        "deploy --routes routes.json --aws-config aws.config.json --keep-output-openapifile",
    ] {
        let ran = project.run(command);
        ran.never_says(SECRET).never_says(KEY_ID);
        let told = [place, says].iter().all(|text| ran.err.contains(text));
        if ran.code != 1 || !told || !ran.out.is_empty() {
            wrong.push(format!("{name}: no `{place}` and `{says}` in {ran:#?}"));
        }
        if project.content() != before {
            wrong.push(format!("{name}: {command} left something"));
        }
    }
    wrong
}

#[track_caller]
fn is_empty(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_files_that_the_faults_are_put_into_have_none() {
    let project = Project::new();
    let ran = project.run("check --routes routes.json --aws-config aws.config.json --deny-warnings");
    ran.ends_with(0);
}

#[test]
fn every_fault_of_a_routes_file_is_refused_with_its_place() {
    let mut wrong = Vec::new();
    for fault in ROUTES_FAULTS {
        let project = Project::with(&break_at(ROUTES, fault), AWS);
        let place = format!("routes.json:{}:", fault.line);
        wrong.extend(is_refused_everywhere(&project, fault.name, &place, fault.says));
    }
    is_empty(&wrong);
}

#[test]
fn every_fault_of_an_aws_file_is_refused_with_its_place() {
    let mut wrong = Vec::new();
    for fault in AWS_FAULTS {
        let project = Project::with(ROUTES, &break_at(AWS, fault));
        let place = format!("aws.config.json:{}:", fault.line);
        wrong.extend(is_refused_everywhere(&project, fault.name, &place, fault.says));
    }
    is_empty(&wrong);
}

#[test]
fn files_that_are_no_routes_files_at_all_are_refused() {
    let deep = "[".repeat(100_000);
    let deep_objects = "{\"a\":".repeat(100_000);
    let table: &[(&str, &[u8])] = &[
        ("empty", b""),
        ("blank", b" \n\t\n"),
        ("null", b"null"),
        ("a list", b"[]"),
        ("a text", b"\"blueprint\""),
        ("an empty object", b"{}"),
        ("no UTF-8", b"{\"blueprint\": \"\xff\xfe\"}"),
        ("zeros", b"\0\0\0\0"),
        ("half a file", &ROUTES.as_bytes()[..200]),
        ("nested too deeply", deep.as_bytes()),
        ("objects nested too deeply", deep_objects.as_bytes()),
    ];
    let mut wrong = Vec::new();
    for (name, bytes) in table {
        let project = Project::new();
        project.write("routes.json", bytes);
        wrong.extend(is_refused_everywhere(&project, name, "routes.json", "error[BG"));
        project.write("routes.json", ROUTES);
        project.write("aws.config.json", bytes);
        wrong.extend(is_refused_everywhere(&project, name, "aws.config.json", "error[BG"));
    }
    is_empty(&wrong);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let project = Project::new();
    std::fs::create_dir(project.join("folder")).unwrap();
    for (routes, aws, named) in [
        ("missing.json", "aws.config.json", "missing.json"),
        ("routes.json", "missing.json", "missing.json"),
        ("folder", "aws.config.json", "folder"),
        ("routes.json", "folder", "folder"),
        ("routes.json/x", "aws.config.json", "routes.json/x"),
        (".", "aws.config.json", "."),
    ] {
        let before = project.content();
        for command in ["check", "generate", "deploy", "routes"] {
            let ran = project.run(&format!("{command} --routes {routes} --aws-config {aws}"));
            ran.ends_with(1).says(&["error[BG0001]", named]);
            assert_eq!(project.content(), before, "{command} {routes} {aws}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_named() {
    let project = Project::new();
    project.mode("routes.json", 0o000);
    if std::fs::read(project.join("routes.json")).is_ok() {
        // Root reads everything: then a link that leads to itself takes its place.
        std::fs::remove_file(project.join("routes.json")).unwrap();
        std::os::unix::fs::symlink("routes.json", project.join("routes.json")).unwrap();
    }
    let ran = project.run("check --routes routes.json");
    ran.ends_with(1).says(&["error[BG0001]", "routes.json"]);
}

#[test]
fn all_faults_of_both_files_are_told_at_once() {
    let routes = ROUTES
        .replace("\"url_prefix\"", "\"url_prefx\"")
        .replace("\"GET\"", "\"GTE\"");
    let aws = AWS
        .replace("\"eu-west-1\"", "\"Ireland\"")
        .replace("\"dev\",", "\"no stage!\",");
    let project = Project::with(&routes, &aws);
    let ran = project.run("check --routes routes.json --aws-config aws.config.json");
    ran.ends_with(1).says(&[
        "routes.json:4:",
        "routes.json:14:",
        "aws.config.json:2:",
        "aws.config.json:11:",
        "BG0203",
        "BG0201",
    ]);
}

#[test]
fn a_setting_that_deploying_needs_is_missed_before_anything_is_sent() {
    for (setting, without) in [
        ("stage", AWS.replace("\"stage\": \"dev\",", "\"stage\": null,")),
        ("stage", AWS.replace("\"stage\": \"dev\",", "\"stage\": \"\",")),
        ("stage", AWS.replace("    \"stage\": \"dev\",\n", "")),
        (
            "baseEndpointURL",
            AWS.replace("\"https://backend.example.com/\"", "\"\""),
        ),
        (
            "rest_api_id",
            AWS.replace("\"abc123def4\"", "\"\"").replace("\"Shop API\"", "null"),
        ),
    ] {
        let project = Project::with(ROUTES, &without);
        let before = project.content();
        let ran = project.deploy("--keep-output-openapifile");
        ran.ends_with(1).says(&["error[BG0206]", setting, "aws.config.json:"]);
        ran.never_says("Finding");
        assert_eq!(project.content(), before, "{setting}");
    }
}

#[test]
fn an_id_that_is_none_is_a_warning_until_something_is_deployed_to_it() {
    let project = Project::with(ROUTES, &AWS.replace("abc123def4", "../x"));
    let ran = project.run("check --routes routes.json --aws-config aws.config.json");
    ran.ends_with(0).says(&["warning[BG0205]"]);
    let before = project.content();
    let ran = project.deploy("--keep-output-openapifile");
    ran.ends_with(1)
        .says(&["error[BG0205]", "aws.config.json:9:"])
        .never_says("Finding");
    assert_eq!(project.content(), before);
}

#[test]
fn a_region_is_needed_from_somewhere() {
    let project = Project::with(ROUTES, &AWS.replace("\"region\": \"eu-west-1\",\n", "\n"));
    let before = project.content();
    project.deploy("").ends_with(1).says(&["no region", "AWS_REGION"]);
    assert_eq!(project.content(), before);
}

#[test]
fn yaml_is_read_like_json() {
    let project = Project::new();
    project.write(
        "routes.yaml",
        "blueprint:\n  name: shop\n  url_prefix: /shop\n  resources:\n    - name: users\n      methods:\n        \
         - path: /users\n          actions:\n            - type: GTE\n",
    );
    let ran = project.run("check --routes routes.yaml");
    ran.ends_with(1).says(&["routes.yaml:9:", "GET"]);
}

#[test]
fn a_document_that_is_too_large_for_api_gateway_is_refused_before_it_is_sent() {
    let long = "x".repeat(250);
    let methods: Vec<String> = (0..7_000)
        .map(|nth| format!("{{\"path\": \"/{long}{nth}\", \"actions\": [{{\"type\": \"GET\"}}]}}"))
        .collect();
    let routes = format!(
        "{{\"blueprint\": {{\"name\": \"big\", \"resources\": [{{\"name\": \"r\", \"methods\": [{}]}}]}}}}",
        methods.join(",\n")
    );
    let project = Project::with(&routes, AWS);
    let before = project.content();
    for command in ["check", "generate", "deploy"] {
        let ran = project.run(&format!("{command} --routes routes.json --aws-config aws.config.json"));
        ran.ends_with(1)
            .says(&["error[BG0113]", "routes.json"])
            .never_says("Finding");
        assert_eq!(project.content(), before, "{command}");
    }
}
