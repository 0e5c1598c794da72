//! Who answers, and how they are reached.

mod checks;

use super::Resolver;
use super::levels::Levels;
use super::mapping::Side;
use crate::blueprint::{Backend, Connection, Cors, Integration, Mapping, RoutePath, Verb};
use crate::decode::{shortened, unknown_word};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{ActionEntry, BackendEntry, Entries, IntegrationWord, TransferWord};
use crate::reference::References;
use crate::span::{Span, Spanned};
use crate::tree::Value;

/// The word for the service that is built from the file, where another backend is inherited.
pub(super) const SERVICE: &str = "SERVICE";

/// The keys of an action that say who answers it.
const ANSWERERS: [&str; 5] = ["backend", "function", "service", "answer", "url"];

/// Where it is written who answers.
enum Answerer<'a> {
    /// Nowhere: the service does.
    Service,
    /// At a backend with a name.
    Named(&'a BackendEntry),
    /// At the action.
    Here,
}

impl<'a> Answerer<'a> {
    fn named(&self) -> Option<&'a BackendEntry> {
        match self {
            Answerer::Named(backend) => Some(backend),
            Answerer::Service | Answerer::Here => None,
        }
    }
}

/// The network between the gateway and who answers, as it is written.
struct Network<'a> {
    word: Option<&'a Spanned<IntegrationWord>>,
    link: Option<&'a Spanned<String>>,
    target: Option<&'a Spanned<String>>,
}

impl<'a> Resolver<'a> {
    /// How an action is answered. `None`: an error was reported.
    pub(super) fn integration(
        &mut self,
        action: &'a ActionEntry,
        levels: Levels<'a>,
        path: Option<&RoutePath>,
        cors: Option<&Cors>,
    ) -> Option<Integration> {
        let answerer = self.answerer(action, levels);
        let connection = match &answerer {
            Some(answerer) => self.connection(action, &network(action, levels, answerer)),
            None => None,
        };
        let answerer = answerer?;
        let (backend, verb) = backend(action, &answerer, path?);
        let proxy = action.reach.proxy_integration;
        let proxy = proxy.or_else(|| answerer.named()?.reach.proxy_integration);
        let proxy = match &backend {
            Backend::Answer | Backend::Nobody => false,
            Backend::AwsService { .. } => proxy.unwrap_or(false),
            Backend::Service | Backend::Http { .. } | Backend::Function(_) => proxy.unwrap_or(true),
        };
        let mapping = self.all_of_mapping(action, levels, &answerer, &backend, proxy, cors);
        self.check_reach(&action.reach);
        self.check_parameters(action, &backend, path?, &mapping);
        self.check_cache_keys(action, path?, &mapping);
        self.check_used(action, &answerer, &backend, proxy);
        if !proxy && backend == Backend::Service && mapping.parameters.is_empty() && mapping.templates.is_empty() {
            self.without_proxy.push(action.span);
        }
        Some(Integration {
            proxy,
            backend,
            connection: connection?,
            verb: action.backend_verb.as_ref().map_or(verb, |word| word.value.verb),
            mapping: (mapping != Mapping::default()).then(|| Box::new(mapping)),
        })
    }

    fn all_of_mapping(
        &mut self,
        action: &'a ActionEntry,
        levels: Levels<'a>,
        answerer: &Answerer<'a>,
        backend: &Backend,
        proxy: bool,
        cors: Option<&Cors>,
    ) -> Mapping {
        let mut mapping = Mapping::default();
        self.mapping(&action.mapping, &mut mapping);
        // A mock gets nothing, and a function behind a proxy the whole request.
        let is_mapped = match backend {
            Backend::Answer | Backend::Nobody => false,
            Backend::Function(_) => !proxy,
            Backend::Service | Backend::Http { .. } | Backend::AwsService { .. } => true,
        };
        let map = action.inherited.map.as_ref();
        let map = map.or_else(|| levels.outer(|level| level.map.as_ref()).filter(|_| is_mapped));
        mapping.parameters = self.map(map, Side::Request);
        if let Some(answer) = &action.answer {
            self.answer(answer, action.mapping.request_templates.is_some(), cors, &mut mapping);
            return mapping;
        }
        let named = answerer.named();
        let (own, behind) = (&action.reach, named.map(|backend| &backend.reach));
        let timeout = action.inherited.timeout.as_ref();
        let timeout = timeout.or_else(|| named?.timeout.as_ref());
        let timeout = timeout.or_else(|| levels.outer(|level| level.timeout.as_ref()));
        let transfer = own.transfer.as_ref().or_else(|| behind?.transfer.as_ref());
        mapping.streams = transfer.is_some_and(|word| word.value == TransferWord::Stream);
        mapping.timeout = timeout.map(|time| {
            self.check_timeout(time, mapping.streams);
            self.amount(time, "timeout")
        });
        let role = own.role.as_ref().or_else(|| behind?.role.as_ref());
        mapping.role = role.map(|role| role.value.clone());
        let tls = own.tls.as_ref().or_else(|| behind?.tls.as_ref());
        mapping.skips_verification = tls.and_then(|tls| tls.insecure_skip_verification) == Some(true);
        mapping
    }

    fn answerer(&mut self, action: &'a ActionEntry, levels: Levels<'a>) -> Option<Answerer<'a>> {
        let reach = &action.reach;
        let keys = [
            action.inherited.backend.as_ref().map(|name| name.span),
            reach.function.as_ref().map(|text| text.span),
            reach.service.as_ref().map(|service| service.span.head()),
            action.answer.as_ref().map(|answer| answer.span.head()),
            reach.url.as_ref().map(|text| text.span),
        ];
        let there = ANSWERERS.into_iter().zip(keys);
        let there: Vec<(&str, Span)> = there.filter_map(|(key, span)| Some((key, span?))).collect();
        if let [(first, place), (second, span), ..] = there.as_slice() {
            self.found.push(
                Diagnostic::new(
                    Code::KeyConflict,
                    format!("an action has both `{first}` and `{second}`"),
                )
                .at(*span)
                .with_note("the other one is here", *place)
                .with_help("keep one: each of them says who answers"),
            );
            return None;
        }
        if ANSWERERS.iter().any(|key| action.faulty.contains(key)) {
            return None;
        }
        if there.first().is_some_and(|(key, _)| *key != ANSWERERS[0]) {
            return Some(Answerer::Here);
        }
        match levels.nearest(|level| level.backend.as_ref()) {
            None => Some(Answerer::Service),
            Some(name) if name.value == SERVICE => Some(Answerer::Service),
            Some(name) => self.named_backend(name).map(Answerer::Named),
        }
    }

    /// Each backend has one way to be called.
    pub(super) fn check_backends(&mut self) {
        for (name, backend) in self.file.backends.iter().flat_map(Entries::iter) {
            let reach = &backend.reach;
            let ways = [
                reach.url.as_ref().map(|text| text.span),
                reach.function.as_ref().map(|text| text.span),
                reach.service.as_ref().map(|service| service.span.head()),
            ];
            let ways: Vec<Span> = ways.into_iter().flatten().collect();
            if name.value == SERVICE {
                self.tell(
                    Code::BackendUrl,
                    name.span,
                    format!("`{SERVICE}` is the service that is built from the file"),
                    "give the backend another name",
                );
            }
            if ways.len() != 1
                && ["url", "function", "service"]
                    .iter()
                    .all(|key| !backend.faulty.contains(key))
            {
                self.tell(
                    Code::BackendUrl,
                    ways.get(1).copied().unwrap_or(backend.span.head()),
                    format!("the backend `{}` has {} ways to be called", shortened(name), ways.len()),
                    "write one of `url`, `function` and `service`",
                );
            }
            self.check_reach(reach);
        }
    }

    fn named_backend(&mut self, name: &Spanned<String>) -> Option<&'a BackendEntry> {
        let backends = self.file.backends.as_ref();
        let backend = backends.and_then(|backends| backends.get(name));
        if backend.is_none() && !self.file.faulty.contains(&"backends") {
            let names = backends.iter().flat_map(|backends| backends.iter());
            let mut known: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
            known.push(SERVICE);
            self.once(unknown_word("backend", name, &known, name.span));
        }
        backend
    }

    fn connection(&mut self, action: &ActionEntry, network: &Network<'a>) -> Option<Connection> {
        let link = network.link.filter(|link| !link.is_empty());
        if ["integration", "vpcLink"].iter().any(|key| action.faulty.contains(key)) {
            return None;
        }
        match (network.word.map(|word| (word.value, word.span)), link) {
            (Some((IntegrationWord::VpcLink, span)), None) => {
                self.once(
                    Diagnostic::new(
                        Code::MissingVpcLink,
                        "the integration is `VPC_LINK`, but `vpcLink` is missing",
                    )
                    .at(span)
                    .with_help("add `\"vpcLink\": \"<id of the VPC link>\"`, or write `\"INTERNET\"`"),
                );
                None
            }
            (Some((IntegrationWord::VpcLink, _)), Some(link)) => {
                self.link(link);
                Some(Connection::VpcLink {
                    id: link.value.clone(),
                    target: network.target.map(|target| target.value.clone()),
                })
            }
            (_, link) => {
                // One that is inherited is used elsewhere.
                let is_unused = action.inherited.vpc_link.is_some() || network.word.is_none();
                if let Some(link) = link.filter(|_| is_unused) {
                    self.once(
                        Diagnostic::new(
                            Code::UnusedVpcLink,
                            "`vpcLink` is ignored: the integration is `INTERNET`",
                        )
                        .at(link.span)
                        .with_help("write `\"integration\": \"VPC_LINK\"`, or remove `vpcLink`"),
                    );
                }
                Some(Connection::Internet)
            }
        }
    }

    /// One finding for all of them: it is mostly a decision about the whole API.
    pub(super) fn dropped_queries(&mut self) {
        let Some((first, others)) = self.without_proxy.split_first() else {
            return;
        };
        let message = "without a proxy integration neither the query string nor headers of a request reach the service";
        let mut found = Diagnostic::new(Code::DroppedQuery, message)
            .at(*first)
            .with_help("remove `\"proxyIntegration\": false` unless the handlers need nothing but path and body");
        if let Some(last) = others.last() {
            found = found.with_note(format!("so it is with {} more, down to this one", others.len()), *last);
        }
        self.found.push(found);
    }

    /// The id of a link, or a variable that holds it.
    fn link(&mut self, link: &Spanned<String>) {
        let references = References::of(link);
        let flaws = references.flaws.iter().map(|flaw| {
            let code = if flaw.is_bare { Code::VpcLinkId } else { Code::Reference };
            Diagnostic::new(code, format!("`vpcLink` {}", flaw.message)).with_help(flaw.help.clone())
        });
        let mut found: Vec<Diagnostic> = flaws.collect();
        if found.is_empty() && !references.is_whole && references.unfilled.is_empty() && !is_link_id(link) {
            let shown = shortened(link);
            let (what, help) = if is_id_of_ec2(link) {
                (
                    "the id of something else than a VPC link",
                    "`aws apigateway get-vpc-links` shows the ids of links, such as `abc123`",
                )
            } else {
                (
                    "no id of a VPC link",
                    "write the link's id, such as `abc123`, or `${stageVariables.name}`",
                )
            };
            found.push(Diagnostic::new(Code::VpcLinkId, format!("`{shown}` is {what}")).with_help(help));
        }
        for one in found {
            self.once(one.at(link.span));
        }
    }
}

/// How an action says, or inherits, that who answers is reached. Named backends say it themselves, and what stands at a
/// `url` is about that one only.
fn network<'a>(action: &'a ActionEntry, levels: Levels<'a>, answerer: &Answerer<'a>) -> Network<'a> {
    let own = &action.inherited;
    let nearest = match answerer {
        Answerer::Service => Network {
            word: levels.nearest(|level| level.integration.as_ref()),
            link: levels.nearest(|level| level.vpc_link.as_ref()),
            target: levels.nearest(|level| level.integration_target.as_ref()),
        },
        Answerer::Named(_) | Answerer::Here => Network {
            word: own.integration.as_ref(),
            link: own.vpc_link.as_ref(),
            target: own.integration_target.as_ref(),
        },
    };
    let named = answerer.named();
    Network {
        word: nearest.word.or_else(|| named?.integration.as_ref()),
        link: nearest.link.or_else(|| named?.vpc_link.as_ref()),
        target: nearest.target.or_else(|| named?.integration_target.as_ref()),
    }
}

/// The key of a document under which it stands who answers.
const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// Whether an action says raw that nobody answers it.
fn is_only_declared(action: &ActionEntry) -> bool {
    let patch = action.openapi.as_ref();
    patch
        .and_then(|patch| patch.get(INTEGRATION))
        .is_some_and(|node| node.value == Value::Null)
}

/// Who answers an action, and the verb for them unless the action names one.
fn backend(action: &ActionEntry, answerer: &Answerer<'_>, path: &RoutePath) -> (Backend, Verb) {
    let own = action.verb.value.verb;
    if is_only_declared(action) {
        return (Backend::Nobody, own);
    }
    let (reach, is_named) = match answerer {
        Answerer::Service => return (Backend::Service, own),
        Answerer::Named(backend) => (&backend.reach, true),
        Answerer::Here => (&action.reach, false),
    };
    if let Some(function) = &reach.function {
        // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
        return (Backend::Function(function.value.clone()), Verb::Post);
    }
    if let Some(service) = &reach.service {
        let uri = service.uri.value.clone();
        let verb = service.method.as_ref().map_or(own, |word| word.value.verb);
        return (Backend::AwsService { uri }, verb);
    }
    match &reach.url {
        Some(url) if is_named => {
            let behind = action.backend_path.as_ref().map(|path| path.as_str());
            let behind = behind.map_or_else(|| path.gateway.replace("+}", "}"), str::to_owned);
            let behind = behind.trim_start_matches('/');
            let url = match behind {
                "" => url.value.clone(),
                _ => format!("{}/{behind}", url.trim_end_matches('/')),
            };
            (Backend::Http { url }, own)
        }
        Some(url) => (Backend::Http { url: url.value.clone() }, own),
        None => (Backend::Answer, own),
    }
}

fn is_link_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.bytes().all(fits) && !is_id_of_ec2(text)
}

/// Whether a text is an id as EC2 and load balancers have them: words and 8 or 17 hexadecimal digits, such as
/// `vpc-0a1b2c3d4e5f67890` or `vpce-svc-0a1b2c3d`
/// ([resource ids](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html)). Ids of VPC links have no `-`.
fn is_id_of_ec2(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(words, digits)| {
        words
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
            && matches!(digits.len(), 8 | 17)
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
