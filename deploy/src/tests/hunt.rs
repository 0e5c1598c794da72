//! A hunt for what protects less and passes all the same: a file that is strict in every way that there is, loosened at
//! random, and planned over another one.
//!
//! What is weaker is not asked of the library: each way to loosen is written down with what a person would say of it.
//! `WEAKER=5000 cargo test --workspace --lib -- hunt` tries so many pairs, and `SEED=7` other ones.

use std::collections::BTreeSet;

use bluegate_core::aws::Needs;
use bluegate_core::read_aws;
use serde_json::Value as Json;

use super::*;

/// The routes file and the AWS file.
struct Files {
    routes: Json,
    aws: Json,
}

impl Files {
    fn strict() -> Self {
        let iam = |verb: &str, path: &str, more: Json| {
            let mut action = json!({"type": verb});
            action
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            json!({"path": path, "actions": [action]})
        };
        let origins = json!({"enable": true, "origins": ["https://a.example.com"]});
        let strict = json!({"type": "object", "additionalProperties": false, "required": ["title"],
            "properties": {"title": {"type": "string", "maxLength": 80}}});
        let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:111111111111:function:{name}");
        let pool = |name: &str| {
            json!([format!(
                "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_{name}"
            )])
        };
        let routes = json!({
            "name": "shop",
            "apiKeySource": "HEADER",
            "defaults": {"authorization": "AWS_IAM"},
            "authorizers": {
                "pool": {"type": "COGNITO", "ttl": 60, "pattern": "^ey", "userPools": pool("a")},
                "other": {"type": "COGNITO", "ttl": 60, "userPools": pool("b")},
                "asks": {"type": "LAMBDA", "function": arn("asks"), "identity": ["header.X-Token", "query.t"], "ttl": 60},
                "token": {"type": "LAMBDA_TOKEN", "function": arn("token:live"), "pattern": "^B", "ttl": 60},
                "staged": {"type": "LAMBDA", "function": arn("${stageVariables.asked}"), "identity": ["header.X-Token"], "ttl": 0},
            },
            "backends": {"far": {"url": "https://far.example.com"}, "mail": {"url": "https://mail.example.com"}},
            "models": {"Book": strict, "Loose": strict,
                "Mail": {"type": "object", "properties": {"to": {"type": "string", "format": "email"}}},
                "Outer": {"type": "object", "properties": {"in": {"$ref": "#/components/schemas/Middle"}}},
                "Middle": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}},
                "Inner": {"type": "object", "required": ["a"]}},
            "policy": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
                 "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}},
                {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*/GET/admin"},
                {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*/GET/root"},
            ]},
            "gatewayResponses": {"DEFAULT_5XX": {"templates": {"application/json": "{\"message\": \"failed\"}"}}},
            "resources": [{"name": "things", "methods": [
                iam("GET", "/iam", json!({"authorization": "AWS_IAM"})),
                iam("GET", "/inherits", json!({})),
                iam("GET", "/key", json!({"apiKey": true})),
                iam("GET", "/keyonly", json!({"authorization": "NONE", "apiKey": true})),
                iam("GET", "/scope", json!({"authorization": "pool", "scopes": ["a"]})),
                iam("GET", "/scopes", json!({"authorization": "pool", "scopes": ["a"]})),
                iam("GET", "/pool", json!({"authorization": "pool"})),
                iam("GET", "/other", json!({"authorization": "other"})),
                iam("GET", "/asks", json!({"authorization": "asks"})),
                iam("GET", "/token", json!({"authorization": "token"})),
                iam("GET", "/staged", json!({"authorization": "staged"})),
                iam("POST", "/checked", json!({"validate": "ALL", "body": "Book"})),
                iam("POST", "/raw", json!({"validate": "BODY", "body": "Book"})),
                iam("GET", "/query", json!({"validate": "PARAMETERS", "query": [{"name": "page", "required": true}]})),
                iam("GET", "/header", json!({"validate": "PARAMETERS", "headers": [{"name": "X-Who", "required": true}]})),
                iam("POST", "/model", json!({"validate": "BODY", "body": "Loose"})),
                iam("POST", "/inline", json!({"validate": "BODY", "body": {"type": "object", "required": ["a"]}})),
                iam("POST", "/swapped", json!({"validate": "BODY", "body": "Book"})),
                iam("ANY", "/files/{path+}", json!({})),
                iam("GET", "/far", json!({"backend": "far"})),
                iam("GET", "/mail", json!({"backend": "mail"})),
                iam("GET", "/caller", json!({"service": {"uri": "arn:aws:apigateway:eu-west-1:s3:path/b/k", "method": "GET"},
                    "role": "arn:aws:iam::*:user/*"})),
                iam("GET", "/open", json!({"authorization": "NONE", "service": {"uri": "arn:aws:apigateway:eu-west-1:s3:path/b/k",
                    "method": "GET"}})),
                iam("GET", "/mapped", json!({"map": {"header.X-User": "context.identity.accountId"}})),
                iam("GET", "/sent", json!({"map": {"header.X-User": "context.identity.accountId"}})),
                iam("POST", "/plain", json!({"proxyIntegration": false, "passthrough": "NEVER",
                    "requestTemplates": {"application/json": "{}"}})),
                iam("GET", "/kept", json!({"cacheKeys": ["header.Authorization"], "headers": [{"name": "Authorization"}]})),
                iam("POST", "/to", json!({"validate": "BODY", "body": "Mail"})),
                iam("POST", "/outer", json!({"validate": "BODY", "body": "Outer"})),
                iam("POST", "/echo", json!({"proxyIntegration": false, "passthrough": "NEVER",
                    "requestTemplates": {"application/json": "{\"id\": $input.json('$.id')}"}})),
                iam("GET", "/role", json!({"service": {"uri": "arn:aws:apigateway:eu-west-1:s3:path/b/k", "method": "GET"},
                    "role": "arn:aws:iam::111111111111:role/reader"})),
                json!({"path": "/heads", "actions": [{"type": "GET"}], "cors": origins}),
                json!({"path": "/page", "actions": [{"type": "GET"}], "cors": origins}),
                json!({"path": "/pages", "actions": [{"type": "GET"}], "cors": origins}),
                json!({"path": "/cookie", "actions": [{"type": "GET"}], "cors": origins}),
            ]}],
        });
        let aws = json!({
            "region": "eu-west-1",
            "apiGateway": {
                "rest_api_id": "abc",
                "baseEndpointURL": "https://backend.example.com",
                "stage": "dev",
                "endpoint": {"disableExecuteApiEndpoint": true, "securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09", "accessMode": "STRICT"},
                "stages": {
                    "dev": {
                        "variables": {"asked": "strict"},
                        "throttling": {"rateLimit": 10, "burstLimit": 20},
                        "methods": {"GET /iam": {"throttling": {"rateLimit": 1}}},
                        "logging": {"level": "INFO", "dataTrace": false},
                        "cache": {"size": "0.5", "encrypted": true},
                    },
                },
            },
        });
        Self { routes, aws }
    }

    /// The action of a path.
    fn action(&mut self, path: &str) -> &mut Json {
        &mut self.method(path)["actions"][0]
    }

    fn method(&mut self, path: &str) -> &mut Json {
        let methods = self.routes["resources"][0]["methods"].as_array_mut().unwrap();
        methods.iter_mut().find(|one| one["path"] == path).unwrap()
    }

    fn add(&mut self, verb: &str, path: &str, authorization: &str) {
        let method = json!({"path": path, "actions": [{"type": verb, "authorization": authorization}]});
        self.routes["resources"][0]["methods"]
            .as_array_mut()
            .unwrap()
            .push(method);
    }

    fn stage(&mut self) -> &mut Json {
        &mut self.aws["apiGateway"]["stages"]["dev"]
    }

    fn endpoint(&mut self) -> &mut Json {
        &mut self.aws["apiGateway"]["endpoint"]
    }

    fn read(&self, stage: &str) -> (Environment, Document) {
        let mut aws = self.aws.clone();
        aws["apiGateway"]["stage"] = json!(stage);
        let stages = aws["apiGateway"]["stages"].as_object_mut().unwrap();
        let settings = stages.remove("dev").unwrap();
        stages.insert(stage.to_owned(), settings);
        let source = Source::new("aws.json", aws.to_string());
        let file = read_aws(&source.secret()).into_result().expect("an AWS file").0;
        let environment = Environment::resolve(&file, Some(stage), Needs::Nothing)
            .value
            .expect("an environment");
        let source = Source::new("routes.json", json!({"blueprint": self.routes}).to_string());
        let read = read_blueprint(&source, Mode::Strict).into_result();
        let (blueprint, _) = read.unwrap_or_else(|found| panic!("{found:?}"));
        let document = openapi::document(&blueprint, &Target::of(&environment));
        (environment, document)
    }
}

/// What holds of a way to loosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It protects less, and its reverse more.
    Less,
    /// Who is asked is somebody else, which is less either way.
    Other,
    /// It protects less, and is a setting of the API that all of its stages share.
    OfApi,
    /// The same, either way.
    OtherOfApi,
}

type Loosen = (&'static str, Way, fn(&mut Files));

const LOOSER: [Loosen; 57] = [
    ("a public route", Way::Less, |it| {
        it.action("/iam")["authorization"] = json!("NONE");
    }),
    ("a public default", Way::Less, |it| {
        it.routes["defaults"]["authorization"] = json!("NONE");
    }),
    ("no key", Way::Less, |it| it.action("/key")["apiKey"] = json!(false)),
    ("no key, and nothing else", Way::Less, |it| {
        it.action("/keyonly")["apiKey"] = json!(false);
    }),
    ("no scope", Way::Less, |it| it.action("/scope")["scopes"] = json!([])),
    ("a scope more", Way::Less, |it| {
        it.action("/scopes")["scopes"] = json!(["a", "b"]);
    }),
    ("another authorizer", Way::Other, |it| {
        it.action("/pool")["authorization"] = json!("asks");
    }),
    ("a signature in place of a token", Way::Other, |it| {
        it.action("/other")["authorization"] = json!("AWS_IAM");
    }),
    ("tokens that hold longer", Way::Less, |it| {
        it.routes["authorizers"]["pool"]["ttl"] = json!(3600);
    }),
    ("no pattern", Way::Less, |it| {
        it.routes["authorizers"]["pool"]["pattern"] = json!(null);
    }),
    ("another pattern", Way::Other, |it| {
        it.routes["authorizers"]["token"]["pattern"] = json!("^b");
    }),
    ("a pool more", Way::Less, |it| {
        let pools = it.routes["authorizers"]["pool"]["userPools"].as_array_mut().unwrap();
        pools.push(json!("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_c"));
    }),
    ("another pool", Way::Other, |it| {
        it.routes["authorizers"]["other"]["userPools"][0] =
            json!("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_d");
    }),
    ("a source less", Way::Less, |it| {
        it.routes["authorizers"]["asks"]["identity"] = json!(["header.X-Token"]);
    }),
    ("another function", Way::Other, |it| {
        it.routes["authorizers"]["asks"]["function"] = json!("arn:aws:lambda:eu-west-1:111111111111:function:asked");
    }),
    ("another alias", Way::Other, |it| {
        it.routes["authorizers"]["token"]["function"] =
            json!("arn:aws:lambda:eu-west-1:111111111111:function:token:next");
    }),
    ("another header", Way::Other, |it| {
        it.routes["authorizers"]["token"]["header"] = json!("X-Authorization");
    }),
    ("another function by a variable", Way::Other, |it| {
        it.stage()["variables"]["asked"] = json!("lenient");
    }),
    ("nothing checked", Way::Less, |it| {
        it.action("/checked")["validate"] = json!("NONE");
    }),
    ("nothing checked, said raw", Way::Less, |it| {
        it.action("/raw")["openapi"] = json!({"x-amazon-apigateway-request-validator": null});
    }),
    ("an optional word", Way::Less, |it| {
        it.action("/query")["query"][0]["required"] = json!(false);
    }),
    ("no header", Way::Less, |it| it.action("/header")["headers"] = json!([])),
    ("a model that takes more", Way::Less, |it| {
        it.routes["models"]["Loose"]["additionalProperties"] = json!(true);
    }),
    ("a model with longer texts", Way::Less, |it| {
        it.routes["models"]["Loose"]["properties"]["title"]["maxLength"] = json!(81);
    }),
    ("a body that takes more", Way::Less, |it| {
        it.action("/inline")["body"]["required"] = json!(null);
    }),
    ("another model that takes more", Way::Less, |it| {
        it.routes["models"]["Any"] = json!({"type": "object"});
        it.action("/swapped")["body"] = json!("Any");
    }),
    ("a public part of a greedy path", Way::Less, |it| {
        it.add("GET", "/files/public", "NONE");
    }),
    ("a public verb of ANY", Way::Less, |it| {
        let put = json!({"type": "PUT", "authorization": "NONE"});
        it.method("/files/{path+}")["actions"].as_array_mut().unwrap().push(put);
    }),
    ("a part of a greedy path that asks another", Way::Other, |it| {
        it.add("GET", "/files/asks", "asks");
    }),
    ("no encryption", Way::Less, |it| {
        it.routes["backends"]["far"]["url"] = json!("http://far.example.com");
    }),
    ("any certificate", Way::Less, |it| {
        it.routes["backends"]["mail"]["tls"] = json!({"insecureSkipVerification": true});
    }),
    ("a role in place of the caller", Way::Less, |it| {
        it.action("/caller")["role"] = json!("arn:aws:iam::111111111111:role/r");
    }),
    ("a role for everybody", Way::Less, |it| {
        it.action("/open")["role"] = json!("arn:aws:iam::111111111111:role/r");
    }),
    ("a caller who says who it is", Way::Less, |it| {
        it.action("/mapped")["map"] = json!({"header.X-User": "header.X-User"});
        it.action("/mapped")["headers"] = json!([{"name": "X-User"}]);
    }),
    ("a caller whose header passes", Way::Less, |it| {
        it.action("/sent")["map"] = json!({});
    }),
    ("bodies without a template", Way::Less, |it| {
        it.action("/plain")["passthrough"] = json!("WHEN_NO_MATCH");
    }),
    ("answers of others", Way::Less, |it| {
        it.action("/kept")["cacheKeys"] = json!([]);
    }),
    ("an origin more", Way::Less, |it| {
        it.method("/page")["cors"]["origins"] = json!(["https://a.example.com", "https://b.example.com"]);
    }),
    ("any origin", Way::Less, |it| {
        it.method("/pages")["cors"]["origins"] = json!([]);
    }),
    ("credentials", Way::Less, |it| {
        it.method("/cookie")["cors"]["credentials"] = json!(true);
    }),
    ("no denial", Way::Less, |it| {
        let statements = it.routes["policy"]["Statement"].as_array_mut().unwrap();
        statements.retain(|one| one["Resource"] != "execute-api:/*/GET/admin");
    }),
    ("more allowed", Way::Less, |it| {
        let allows = json!({"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*/GET/iam"});
        it.routes["policy"]["Statement"].as_array_mut().unwrap().push(allows);
    }),
    ("an answer that tells more", Way::Less, |it| {
        it.routes["gatewayResponses"]["DEFAULT_5XX"]["templates"]["application/json"] =
            json!("{\"message\": \"$context.integrationErrorMessage\"}");
    }),
    ("keys of somebody else", Way::OtherOfApi, |it| {
        it.routes["apiKeySource"] = json!("AUTHORIZER");
    }),
    ("the default address", Way::OfApi, |it| {
        it.endpoint()["disableExecuteApiEndpoint"] = json!(false);
    }),
    ("an older TLS", Way::OfApi, |it| {
        it.endpoint()["securityPolicy"] = json!("SecurityPolicy_TLS13_1_2_2021_06");
    }),
    ("any name", Way::OfApi, |it| {
        it.endpoint()["accessMode"] = json!("BASIC");
    }),
    ("more requests", Way::Less, |it| {
        it.stage()["throttling"]["burstLimit"] = json!("unlimited");
    }),
    ("more requests of a method", Way::Less, |it| {
        it.stage()["methods"]["GET /iam"]["throttling"]["rateLimit"] = json!(5);
    }),
    ("whole requests in the log", Way::Less, |it| {
        it.stage()["logging"]["dataTrace"] = json!(true);
    }),
    ("whole requests of a method in the log", Way::Less, |it| {
        it.stage()["methods"]["GET /key"] = json!({"logging": {"dataTrace": true}});
    }),
    ("no log of a method", Way::Less, |it| {
        it.stage()["methods"]["GET /scope"] = json!({"logging": {"level": "OFF"}});
    }),
    ("any text for an address", Way::Less, |it| {
        it.routes["models"]["Mail"]["properties"]["to"]["format"] = json!(null);
    }),
    ("a model that another one refers to", Way::Less, |it| {
        it.routes["models"]["Inner"]["required"] = json!(null);
    }),
    ("a template that passes all on", Way::Less, |it| {
        it.action("/echo")["requestTemplates"]["application/json"] = json!("{\"all\": $input.json('$')}");
    }),
    ("another role", Way::Other, |it| {
        it.action("/role")["role"] = json!("arn:aws:iam::111111111111:role/admin");
    }),
    ("a header more of pages", Way::Less, |it| {
        it.method("/heads")["cors"]["allowHeaders"] = json!(["X-More"]);
    }),
];

/// The files with some of them.
fn loosened(by: &BTreeSet<usize>) -> Files {
    let mut files = Files::strict();
    for number in by {
        (LOOSER[*number].2)(&mut files);
    }
    files
}

/// Of what is wanted over what is there, what protects less.
fn weaker(there: &BTreeSet<usize>, wanted: &BTreeSet<usize>, of_api: bool) -> Vec<&'static str> {
    let differ = there
        .symmetric_difference(wanted)
        .map(|number| (number, &LOOSER[*number]));
    let weaker = differ.filter(|(number, (_, way, _))| match way {
        Way::Less => wanted.contains(number),
        Way::Other => true,
        Way::OfApi => of_api && wanted.contains(number),
        Way::OtherOfApi => of_api,
    });
    weaker.map(|(_, (what, ..))| *what).collect()
}

/// What is refused of a file on a stage, but for edits that would be lost.
async fn refused(machine: &mut Machine, fake: &Fake, files: &Files, stage: &str) -> Vec<String> {
    let (environment, document) = files.read(stage);
    machine.allow = Allow::default();
    machine.allow.drift = true;
    let deployer = machine.deployer(machine.patient(fake), &environment);
    let plan = deployer
        .plan(&machine.order(&document), &mut listener())
        .await
        .expect("a plan");
    plan.refusals
        .into_iter()
        .map(|one| format!("{:?} {}", one.flag, one.reason))
        .collect()
}

async fn deployed(machine: &mut Machine, fake: &Fake, files: &Files, stage: &str) {
    let (environment, document) = files.read(stage);
    machine.allow = ALL;
    let deployer = machine.deployer(machine.patient(fake), &environment);
    let run = deployer.deploy(&machine.order(&document), &mut listener()).await;
    run.unwrap_or_else(|error| panic!("{error}"));
}

fn world() -> (Machine, Fake) {
    let fake = Fake::with_api("abc", "Shop");
    for name in ["asks", "asked", "token:live", "token:next", "strict", "lenient"] {
        fake.has_function(&format!("arn:aws:lambda:eu-west-1:111111111111:function:{name}"));
    }
    (Machine::new(), fake)
}

/// A number of the environment.
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[tokio::test(start_paused = true)]
async fn each_way_to_protect_less_is_refused_by_itself_and_its_reverse_is_not() {
    // Unless all of them are asked for, some.
    let step = if std::env::var_os("WEAKER").is_some() { 1 } else { 7 };
    let first = usize::try_from(number("SEED", 1)).expect("a number") % step;
    for (number, (what, way, _)) in LOOSER.into_iter().enumerate().skip(first).step_by(step) {
        let (mut machine, fake) = world();
        let (strict, loose) = (loosened(&[].into()), loosened(&[number].into()));
        deployed(&mut machine, &fake, &strict, "dev").await;
        let no = refused(&mut machine, &fake, &strict, "dev").await;
        assert!(no.is_empty(), "{what}: {no:?}");
        let refusals = refused(&mut machine, &fake, &loose, "dev").await;
        assert!(!refusals.is_empty(), "{what}");
        deployed(&mut machine, &fake, &loose, "dev").await;
        let back = refused(&mut machine, &fake, &strict, "dev").await;
        let is_other = matches!(way, Way::Other | Way::OtherOfApi);
        assert_eq!(!back.is_empty(), is_other, "the reverse of {what}: {back:?}");
    }
}

/// A number of the next ones, and the next state.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn some(state: &mut u64) -> BTreeSet<usize> {
    let one_of = random(state) % 12 + 2;
    (0..LOOSER.len())
        .filter(|_| random(state).is_multiple_of(one_of))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn nothing_that_protects_less_passes_without_its_flag() {
    let mut state = number("SEED", 1) * 0x9e37_79b9 + 1;
    for _ in 0..number("WEAKER", 4) {
        let (there, wanted) = (some(&mut state), some(&mut state));
        let (mut machine, fake) = world();
        deployed(&mut machine, &fake, &loosened(&there), "dev").await;
        let refusals = refused(&mut machine, &fake, &loosened(&wanted), "dev").await;
        let weaker_now = weaker(&there, &wanted, true);
        assert_eq!(
            !refusals.is_empty(),
            !weaker_now.is_empty(),
            "{weaker_now:?}: {refusals:?}"
        );
        // A stage that was deployed to before another one made the draft what it is.
        deployed(&mut machine, &fake, &loosened(&there), "prod").await;
        deployed(&mut machine, &fake, &loosened(&wanted), "dev").await;
        let refusals = refused(&mut machine, &fake, &loosened(&wanted), "prod").await;
        let weaker_then = weaker(&there, &wanted, false);
        assert!(
            weaker_then.is_empty() || !refusals.is_empty(),
            "{there:?} to {wanted:?}: {weaker_then:?}"
        );
    }
}
