//! What the gateway has beside the routes.

use super::Resolver;
use super::files::move_to;
use super::mapping::Side;
use crate::blueprint::{GATEWAY_RESPONSES, Gateway, GatewayResponse};
use crate::decode::{shortened, unknown_word};
use crate::diagnostic::{Code, Diagnostics};
use crate::file::{BlueprintEntry, Entries, FileValue, GatewayResponseEntry, Raw};
use crate::reference::{References, is_function};
use crate::source::Source;
use crate::span::Spanned;
use crate::tree::{self, Node, Value};

/// The greatest `minimumCompressionSize`, in bytes
/// ([RestApi](https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html)).
const MAX_COMPRESSION_SIZE: u32 = 10 * 1024 * 1024;

/// What no raw part of a document says, by the keys that lead there: who may call, and what there is to be called.
const DOCUMENT: [&[&str]; 6] = [
    &["security"],
    &["paths"],
    &["components", "securitySchemes"],
    &["x-amazon-apigateway-policy"],
    &["x-amazon-apigateway-auth"],
    &["x-amazon-apigateway-api-key-source"],
];

impl Resolver<'_> {
    pub(super) fn gateway(&mut self, entry: &BlueprintEntry) -> Gateway {
        let authorizers = entry.authorizers.iter().flat_map(Entries::iter);
        let models = entry.models.iter().flat_map(Entries::iter);
        let responses = entry.gateway_responses.iter().flat_map(Entries::iter);
        Gateway {
            authorizers: authorizers.map(|(name, entry)| self.authorizer(name, entry)).collect(),
            models: models
                .filter_map(|(name, model)| {
                    let schema = self.value(&model.value)?;
                    Some(self.named_model(name, schema))
                })
                .collect(),
            responses: responses
                .map(|(kind, response)| {
                    self.check_type(kind);
                    (kind.value.clone(), self.gateway_response(response))
                })
                .collect(),
            policy: entry.policy.as_ref().and_then(|policy| self.policy(&policy.value.0)),
            binary_media_types: self.binary_media_types(entry),
            minimum_compression_size: self.minimum_compression_size(entry),
            api_key_source: entry.api_key_source.as_ref().map(|word| word.value),
            patch: self.patch(entry.openapi.as_ref(), &DOCUMENT),
        }
    }

    /// A policy that is written as a text is the object that the text is. What is still to be filled in stays a text.
    fn policy(&mut self, policy: &FileValue) -> Option<Raw> {
        let raw = self.value(policy)?;
        let text = match &raw.0.value {
            Value::String(text) if !is_function(text) => text,
            _ => return Some(raw),
        };
        let source = Source::new("policy", text.as_ref());
        let root = tree::parse(&source, &mut Diagnostics::new()).map(Node::into_owned);
        if let Some(mut root) = root.filter(|root| matches!(root.value, Value::Object(_))) {
            move_to(&mut root, raw.0.span);
            return Some(Raw(root));
        }
        if !text.contains("${") {
            self.tell(
                Code::ApiSetting,
                raw.0.span,
                format!("`{}` is no policy", shortened(text)),
                "write it as an object, `{\"Version\": \"2012-10-17\", \"Statement\": [ … ]}`, or name its file: `{\"file\": \"policy.json\"}`",
            );
        }
        Some(raw)
    }

    fn check_type(&mut self, kind: &Spanned<String>) {
        let known = GATEWAY_RESPONSES.map(|(known, _)| known);
        if !known.contains(&kind.as_str()) {
            self.once(unknown_word("type of a gateway response", kind, &known, kind.span));
        }
    }

    fn binary_media_types(&mut self, entry: &BlueprintEntry) -> Vec<String> {
        let types = entry.binary_media_types.iter().flatten();
        let types = types.inspect(|media| {
            if !media.contains('/') && References::of(media).unfilled.is_empty() {
                self.tell(
                    Code::ApiSetting,
                    media.span,
                    format!("`{}` is no media type", shortened(media)),
                    "write a type, such as `image/png`, or `*/*` for all",
                );
            }
        });
        types.map(|media| media.value.clone()).collect()
    }

    fn minimum_compression_size(&mut self, entry: &BlueprintEntry) -> Option<u32> {
        let size = entry.minimum_compression_size.as_ref()?;
        if size.value > MAX_COMPRESSION_SIZE {
            self.tell(
                Code::ApiSetting,
                size.span,
                format!("answers are compressed from {MAX_COMPRESSION_SIZE} bytes on at the latest"),
                format!("write a number from 0 to {MAX_COMPRESSION_SIZE}, or remove it to compress nothing"),
            );
        }
        Some(size.value)
    }

    fn gateway_response(&mut self, entry: &GatewayResponseEntry) -> GatewayResponse {
        let mut parameters = self.header_values(entry.headers.as_ref(), Side::Gateway);
        parameters.extend(self.map(entry.parameters.as_ref(), Side::Gateway));
        GatewayResponse {
            status: entry
                .status
                .as_ref()
                .map(|status| self.amount(status, "status").to_string()),
            parameters,
            templates: self.templates(entry.templates.as_ref()),
        }
    }
}
