//! What the document of ct-api-gateway-deployer cannot hold.

use super::Resolver;
use super::integration::SERVICE;
use super::levels::Levels;
use crate::diagnostic::Code;
use crate::file::{ActionEntry, AuthorizationWord};
use crate::span::Span;

impl Resolver<'_> {
    /// Refuses what `--compat` would leave out and what is about who may call, who answers and with what. What is for
    /// readers is left out, as ever.
    pub(super) fn check_original(&mut self, action: &ActionEntry, levels: Levels<'_>) {
        let own = levels.own();
        let outer_authorization = levels.outer(|level| level.authorization.as_ref());
        let outer_authorization = outer_authorization.filter(|_| own.authorization.is_none());
        let asks = own
            .authorization
            .as_ref()
            .filter(|word| matches!(word.value, AuthorizationWord::Names(_)));
        let backend = levels.nearest(|level| level.backend.as_ref());
        let reach = &action.reach;
        let mapping = &action.mapping;
        let keys: [(&str, Option<Span>); 14] = [
            ("authorization", asks.or(outer_authorization).map(|word| word.span)),
            (
                "apiKey",
                levels
                    .nearest(|level| level.api_key.as_ref())
                    .filter(|yes| yes.value)
                    .map(|yes| yes.span),
            ),
            (
                "scopes",
                levels.nearest(|level| level.scopes.as_ref()).map(|scopes| scopes.span),
            ),
            (
                "backend",
                backend.filter(|name| name.value != SERVICE).map(|name| name.span),
            ),
            ("function", reach.function.as_ref().map(|text| text.span)),
            ("service", reach.service.as_ref().map(|service| service.span.head())),
            ("answer", action.answer.as_ref().map(|answer| answer.span.head())),
            ("url", reach.url.as_ref().map(|text| text.span)),
            (
                "integration",
                levels.outer(|level| level.integration.as_ref()).map(|word| word.span),
            ),
            (
                "vpcLink",
                levels.outer(|level| level.vpc_link.as_ref()).map(|link| link.span),
            ),
            (
                "map",
                levels.nearest(|level| level.map.as_ref()).map(|_| action.span.head()),
            ),
            (
                "requestTemplates",
                mapping.request_templates.as_ref().map(|_| action.span.head()),
            ),
            (
                "integrationResponses",
                mapping.integration_responses.as_ref().map(|_| action.span.head()),
            ),
            ("openapi", action.openapi.as_ref().map(|patch| patch.span().head())),
        ];
        self.original_lacks(keys);
    }

    /// The same for what stands at the blueprint.
    pub(super) fn check_original_blueprint(&mut self) {
        let policy = self.file.policy.as_ref().map(|policy| policy.span.head());
        let patch = self.file.openapi.as_ref().map(|patch| patch.span().head());
        self.original_lacks([("policy", policy), ("openapi", patch)]);
    }

    fn original_lacks<const N: usize>(&mut self, keys: [(&str, Option<Span>); N]) {
        for (key, span) in keys.into_iter().filter_map(|(key, span)| Some((key, span?))) {
            self.tell(
                Code::OriginalLacks,
                span,
                format!("`--compat` cannot write `{key}`: ct-api-gateway-deployer does not know it"),
                "leave `--compat` out, or the key",
            );
        }
    }
}
