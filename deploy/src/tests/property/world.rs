//! Random APIs, as somebody may have left them, and random routes files to deploy to them.

use bluegate_tests::routes_files;
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::Value;

use super::*;
use crate::api::{Cache, Canary, Model, RequestValidator};
use crate::fake::Telling;

/// A routes file, on one line when a failure is told.
#[derive(Clone)]
pub(super) struct File(Value);

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

fn file() -> impl Strategy<Value = File> {
    routes_files::legal_everywhere().prop_map(File)
}

/// An API and what is to become of it.
#[derive(Debug, Clone)]
pub(super) struct World {
    /// The routes file that the stage serves; without one there is no stage.
    pub(super) served: Option<File>,
    /// Whether it was deployed by this tool.
    ours: bool,
    settings: RestApi,
    responses: Vec<GatewayResponse>,
    models: Vec<Model>,
    validators: Vec<RequestValidator>,
    others: Vec<Other>,
    stage: StageSettings,
    /// What somebody did to the draft since.
    edits: Vec<Edit>,
    /// The routes file that is wanted.
    pub(super) wanted: File,
    /// The name that the AWS file gives the API.
    pub(super) name: Option<String>,
    pub(super) behaviour: Behaviour,
}

/// Another stage, which the run has no business with.
#[derive(Debug, Clone)]
struct Other {
    name: &'static str,
    routes: File,
    canary: Option<u8>,
}

/// What the stage has that no routes file knows.
#[derive(Debug, Clone)]
struct StageSettings {
    canary: Option<u8>,
    has_cache: bool,
    variables: usize,
}

#[derive(Debug, Clone)]
enum Edit {
    Routes(File),
    Policy(bool),
    Response(GatewayResponse),
    Description(Option<String>),
    Compression(Option<i32>),
    BinaryTypes(Vec<String>),
}

/// How the service behaves.
#[derive(Debug, Clone)]
pub(super) struct Behaviour {
    /// How many seconds an update takes: somebody else's at the beginning, any of the run, and one of TLS.
    slow: (u64, u64, u64),
    /// Reads are so many seconds old, one of so many, and show half of what is so by now.
    lag: Option<(u64, usize, bool)>,
    /// Whether lists come in another order from call to call.
    forgets_order: bool,
    /// What deployments tell, and how often they tell it like that.
    telling: Option<(Telling, usize)>,
    /// How many calls of the stage are still answered as before.
    stale: usize,
    drops_policies: bool,
    warns: bool,
    page: usize,
}

impl Behaviour {
    pub(super) fn warns(&self) -> bool {
        self.warns
    }

    /// Makes a fake behave like this.
    pub(super) fn set(&self, fake: &Fake) {
        let (somebodys, update, tls) = self.slow;
        fake.updates_slowly(Duration::from_secs(update), Duration::from_secs(tls));
        for id in fake.ids() {
            fake.edit(&id, |api| api.updating_for(Duration::from_secs(somebodys)));
        }
        if let Some((seconds, every, shows_half)) = self.lag {
            fake.lags(Duration::from_secs(seconds), every);
            if shows_half {
                fake.shows_half();
            }
        }
        if self.forgets_order {
            fake.forgets_order();
        }
        if let Some((telling, times)) = self.telling {
            fake.tells_unclearly(telling, times);
        }
        fake.stays_stale(self.stale);
        if self.drops_policies {
            fake.drops_policies();
        }
        if self.warns {
            fake.warn("Parse issue: something");
        }
        fake.paginate(self.page);
    }
}

/// What must be in no output.
pub(super) const SECRET: &str = "hush-hush";

fn policy() -> impl Strategy<Value = Option<String>> {
    // With the escapes that API Gateway adds, and the ARN that it expands.
    let text = |effect: &str, address: u8| {
        format!(
            r#"{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"{effect}\",\"Principal\":\"*\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc/*\",\"Condition\":{{\"IpAddress\":{{\"aws:SourceIp\":\"10.0.0.{address}\"}}}}}}]}}"#
        )
    };
    let some = (prop::sample::select(vec!["Allow", "Deny"]), any::<u8>()).prop_map(move |(e, n)| text(e, n));
    // What gets lost is seen only where there is one.
    prop::option::weighted(0.9, some)
}

fn media_types() -> impl Strategy<Value = Vec<String>> {
    subsequence(vec!["image/png", "a~b/c", "*/*", "application/x-tar"], 0..=3)
        .prop_map(|types| types.into_iter().map(str::to_owned).collect())
}

fn description() -> impl Strategy<Value = Option<String>> {
    prop::option::of("[a-z ]{1,12}".prop_map(|text| format!("It {text}.")))
}

fn compression() -> impl Strategy<Value = Option<i32>> {
    prop::option::of(prop::sample::select(vec![0, 1, 1024, 10_485_760]))
}

fn settings() -> impl Strategy<Value = RestApi> {
    let endpoints = subsequence(vec!["vpce-1", "vpce-2", "vpce-3"], 0..=3);
    let tags = subsequence(vec![("team", "shop"), ("cost centre", "4711"), ("aws:x", "")], 0..=3);
    let source = prop::sample::select(vec!["HEADER", "AUTHORIZER"]);
    let texts = (description(), policy(), source);
    let others = (compression(), media_types(), endpoints, any::<bool>(), tags);
    let tls = prop::option::of(prop::sample::select(vec![
        "TLS_1_0",
        "TLS_1_2",
        "SecurityPolicy_TLS13_1_3_2025_09",
    ]));
    let ip = prop::option::of(prop::sample::select(vec!["ipv4", "dualstack"]));
    (texts, others, tls, ip).prop_map(
        |((description, policy, source), (size, types, endpoints, off, tags), tls, ip)| RestApi {
            security_policy: tls.map(str::to_owned),
            endpoint_access_mode: tls
                .filter(|tls| tls.starts_with("SecurityPolicy"))
                .map(|_| "STRICT".to_owned()),
            ip_address_type: ip.map(str::to_owned),
            description,
            policy,
            api_key_source: Some(source.to_owned()),
            minimum_compression_size: size,
            binary_media_types: types,
            vpc_endpoint_ids: endpoints.into_iter().map(str::to_owned).collect(),
            disable_execute_api_endpoint: off,
            endpoint_types: vec!["REGIONAL".into()],
            tags: tags.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            ..RestApi::default()
        },
    )
}

const KINDS: [&str; 6] = [
    "THROTTLED",
    "WAF_FILTERED",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "MISSING_AUTHENTICATION_TOKEN",
    "UNAUTHORIZED",
];

fn response(kind: &'static str) -> impl Strategy<Value = GatewayResponse> {
    let status = prop::option::of(prop::sample::select(vec!["404", "444", "503"]));
    let headers = subsequence(
        vec![
            ("x-a", "'1'"),
            ("Retry-After", "'5'"),
            ("x-p", "method.request.path.id"),
        ],
        0..=3,
    );
    let bodies = subsequence(
        vec![("application/json", "{\"m\":1}"), ("text/plain", "no\n\"quotes\"")],
        0..=2,
    );
    (status, headers, bodies).prop_map(move |(status, headers, bodies)| GatewayResponse {
        kind: kind.to_owned(),
        status_code: status.map(str::to_owned),
        parameters: headers
            .into_iter()
            .map(|(name, value)| (format!("gatewayresponse.header.{name}"), value.to_owned()))
            .collect(),
        templates: bodies.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        is_default: false,
    })
}

fn responses() -> impl Strategy<Value = Vec<GatewayResponse>> {
    subsequence(KINDS.to_vec(), 0..=3).prop_flat_map(|kinds| kinds.into_iter().map(response).collect::<Vec<_>>())
}

fn models() -> impl Strategy<Value = Vec<Model>> {
    let theirs = vec![
        (
            "Person",
            r#"{"type": "object", "properties": {"name": {"type": "string"}}}"#,
        ),
        ("Order", r#"{"type": "array", "minItems": 1}"#),
    ];
    subsequence(theirs, 0..=2).prop_map(|models| {
        let model = |(name, schema): (&str, &str)| Model {
            name: name.to_owned(),
            schema: Some(schema.to_owned()),
            ..Default::default()
        };
        models.into_iter().map(model).collect()
    })
}

fn validators() -> impl Strategy<Value = Vec<RequestValidator>> {
    let theirs = vec![("all", true, true), ("bodies", true, false), ("a b", false, true)];
    subsequence(theirs, 0..=3).prop_map(|validators| {
        let validator = |(name, body, parameters): (&str, bool, bool)| RequestValidator {
            id: format!("id:{name}"),
            name: name.to_owned(),
            body,
            parameters,
        };
        validators.into_iter().map(validator).collect()
    })
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        file().prop_map(Edit::Routes),
        any::<bool>().prop_map(Edit::Policy),
        prop::sample::select(KINDS.to_vec())
            .prop_flat_map(response)
            .prop_map(Edit::Response),
        description().prop_map(Edit::Description),
        compression().prop_map(Edit::Compression),
        media_types().prop_map(Edit::BinaryTypes),
    ]
}

fn others() -> impl Strategy<Value = Vec<Other>> {
    subsequence(vec!["prod", "test"], 0..=2).prop_flat_map(|names| {
        let stages = names.into_iter().map(|name| {
            (file(), prop::option::of(1_u8..100)).prop_map(move |(routes, canary)| Other { name, routes, canary })
        });
        stages.collect::<Vec<_>>()
    })
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let lag = prop_oneof![2 => Just(None), 1 => (1_u64..7, 1_usize..4, any::<bool>()).prop_map(Some)];
    let tellings = vec![Telling::Nothing, Telling::NotAll, Telling::Otherwise];
    let times = prop::sample::select(vec![3, 8, usize::MAX]);
    let telling = prop::option::weighted(0.3, (prop::sample::select(tellings), times));
    let tells = (any::<bool>(), telling, prop::sample::select(vec![0, 0, 4]));
    let seconds = |some: &[u64]| prop::sample::select(some.to_vec());
    let slow = (seconds(&[0, 0, 0, 40]), seconds(&[0, 3, 9]), seconds(&[0, 0, 0, 900]));
    (slow, lag, tells, any::<bool>(), prop::bool::weighted(0.1), 0_usize..3).prop_map(
        |(slow, lag, (forgets_order, telling, stale), drops_policies, warns, page)| Behaviour {
            slow,
            lag,
            forgets_order,
            telling,
            stale,
            drops_policies,
            warns,
            page,
        },
    )
}

/// Anything that there may be and that may be wanted.
pub(super) fn world() -> impl Strategy<Value = World> {
    let served = prop_oneof![1 => Just(None), 5 => file().prop_map(Some)];
    let wanted = file();
    let stage = (prop::option::weighted(0.2, 1_u8..100), any::<bool>(), 0_usize..3).prop_map(
        |(canary, has_cache, variables)| StageSettings {
            canary,
            has_cache,
            variables,
        },
    );
    let edits = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(edit(), 1..3)];
    let name = prop::option::of(Just("Another name".to_owned()));
    // Often enough what is wanted is what is served.
    let same = prop::bool::weighted(0.2);
    let parts = (responses(), models(), validators());
    let api = (served, any::<bool>(), settings(), parts, others(), stage, edits);
    (api, wanted, same, name, behaviour()).prop_map(
        |((served, ours, settings, parts, others, stage, edits), wanted, same, name, behaviour)| World {
            wanted: served.clone().filter(|_| same).unwrap_or(wanted),
            served,
            ours,
            settings,
            responses: parts.0,
            models: parts.1,
            validators: parts.2,
            others,
            stage,
            edits,
            name,
            behaviour,
        },
    )
}

/// The document of a routes file.
pub(super) fn document_of(file: &File) -> Document {
    let source = Source::new("routes.json", file.0.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict)
        .into_result()
        .expect("a legal file");
    openapi::document(&blueprint, &target())
}

impl World {
    /// The API as it is before the run, which every run of this world begins with.
    pub(super) async fn make(&self) -> FakeApi {
        let fake = Fake::with_api("abc", "Shop");
        for other in &self.others {
            fake.edit("abc", |api| {
                by_hand(api, &document_of(&other.routes), other.name, other.canary);
            });
        }
        if let Some(file) = &self.served {
            let document = document_of(file);
            fake.edit("abc", |api| {
                self.customise(api);
                if !self.ours {
                    let settings = api.api.clone();
                    let responses = api.responses.clone();
                    api.put(&document.to_json());
                    api.api = settings;
                    keep(api, responses);
                    api.models.clone_from(&self.models);
                    api.validators.clone_from(&self.validators);
                    let made = api.deploy("made by hand");
                    serve(api, "dev", &made.id, self.stage.canary);
                }
            });
            if self.ours {
                let own = fake.api("abc");
                let deployed = machine_for(self)
                    .run_document(fake.clone(), &by_id("abc", None), &document, false, &mut listener())
                    .await;
                deployed.expect("the API as it was");
                // What is lost here would be missed by nobody later.
                let kept = oracle::wanted_settings(&own, &document, None);
                same(&oracle::settled(&fake.api("abc").api), &kept, || {
                    "a setting got lost before the run".to_owned()
                });
            }
        } else {
            fake.edit("abc", |api| self.customise(api));
        }
        fake.edit("abc", |api| {
            if let Some(stage) = api.stages.get_mut("dev") {
                if self.stage.has_cache {
                    stage.cache = Cache::On;
                }
                for number in 0..self.stage.variables {
                    stage.variables.insert(format!("v{number}"), SECRET.to_owned());
                    stage
                        .settings
                        .insert(format!("/variables/v{number}"), SECRET.to_owned());
                }
                let own = stage.deployment_id.clone();
                stage.canary = self.stage.canary.map(|percent| canary(own, percent));
            }
            for edit in &self.edits {
                edit.apply(api);
            }
        });
        fake.api("abc")
    }

    /// The service with such an API, left alone for long.
    pub(super) fn fake(&self, api: &FakeApi) -> Fake {
        let fake = Fake::with_api("abc", "");
        fake.edit("abc", |made| made.clone_from(api));
        self.behaviour.set(&fake);
        fake.begin();
        fake
    }

    /// The gateway responses that a routes file of ours gave the API.
    pub(super) fn brought(&self) -> Vec<GatewayResponse> {
        let file = self.served.as_ref().filter(|_| self.ours);
        file.map_or_else(Vec::new, |file| oracle::imported(&document_of(file)).responses)
    }

    fn customise(&self, api: &mut FakeApi) {
        let own = RestApi {
            id: api.api.id.clone(),
            name: api.api.name.clone(),
            ..self.settings.clone()
        };
        api.api = own;
        api.models.clone_from(&self.models);
        api.validators.clone_from(&self.validators);
        keep(api, self.responses.clone());
    }
}

impl Edit {
    fn apply(&self, api: &mut FakeApi) {
        match self {
            Edit::Routes(file) => {
                let before = api.api.clone();
                let responses = api.responses.clone();
                let parts = (api.models.clone(), api.validators.clone());
                api.put(&document_of(file).to_json());
                api.api = before;
                keep(api, responses);
                (api.models, api.validators) = parts;
            }
            Edit::Policy(open) => {
                let effect = if *open { "Allow" } else { "Deny" };
                api.api.policy = Some(format!(r#"{{\"Statement\":[{{\"Effect\":\"{effect}\"}}]}}"#));
            }
            Edit::Response(response) => keep(api, vec![response.clone()]),
            Edit::Description(text) => api.api.description.clone_from(text),
            Edit::Compression(size) => api.api.minimum_compression_size = *size,
            Edit::BinaryTypes(types) => api.api.binary_media_types.clone_from(types),
        }
    }
}

/// Sets gateway responses, whatever there is of these kinds.
fn keep(api: &mut FakeApi, responses: Vec<GatewayResponse>) {
    for response in responses {
        api.responses.retain(|known| known.kind != response.kind);
        api.responses.push(response);
    }
}

fn canary(deployment_id: Option<String>, percent: u8) -> Canary {
    Canary {
        deployment_id,
        percent: f64::from(percent),
        ..Canary::default()
    }
}

fn serve(api: &mut FakeApi, name: &str, deployment: &str, percent: Option<u8>) {
    let stage = Stage {
        name: name.to_owned(),
        deployment_id: Some(deployment.to_owned()),
        canary: percent.map(|percent| canary(Some(deployment.to_owned()), percent)),
        ..Stage::default()
    };
    api.stages.insert(name.to_owned(), stage);
}

/// A stage as somebody made it in the console, its canary on a deployment of its own.
fn by_hand(api: &mut FakeApi, document: &Document, name: &str, percent: Option<u8>) {
    let settings = api.api.clone();
    api.put(&document.to_json());
    api.api = settings;
    let made = api.deploy("made by hand");
    serve(api, name, &made.id, percent);
    if let Some(percent) = percent {
        let second = api.deploy("made for a canary");
        let stage = api.stages.get_mut(name).expect("it was made");
        stage.canary = Some(canary(Some(second.id), percent));
    }
}
