//! Who may call.

use super::levels::Levels;
use super::{Mode, Resolver};
use crate::blueprint::{Authorization, SIGNATURE};
use crate::decode::unknown_word;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{AuthorizationWord, AuthorizerWord};
use crate::span::Spanned;

impl Resolver<'_> {
    /// Who may call an action. `None`: an error was reported, and nobody may guess.
    pub(super) fn authorization(&mut self, levels: Levels<'_>) -> Option<Authorization> {
        let Some(word) = levels.nearest(|level| level.authorization.as_ref()) else {
            return Some(Authorization::Public);
        };
        match &word.value {
            AuthorizationWord::AwsIam => Some(Authorization::AwsIam),
            AuthorizationWord::None => Some(Authorization::Public),
            AuthorizationWord::Empty => {
                // An empty word says neither "signed" nor "public": nobody may guess which one is meant.
                let unclear = Diagnostic::new(Code::UnknownValue, "the authorization is empty")
                    .at(word.span)
                    .with_help("write `\"AWS_IAM\"`, or `null` for a public route");
                self.once(if self.mode == Mode::Compat {
                    unclear.as_warning()
                } else {
                    unclear
                });
                Some(Authorization::Public)
            }
            AuthorizationWord::Names(names) => {
                // Beside an authorizer, documents may ask for a signature too.
                let is_signature = |name: &str| names.len() > 1 && name == SIGNATURE;
                let unknown = names
                    .iter()
                    .filter(|name| !self.authorizers.contains_key(name.as_str()) && !is_signature(name));
                let unknown: Vec<&Spanned<String>> = unknown.collect();
                for name in &unknown {
                    self.unknown_authorizer(name, levels);
                }
                let names = names.iter().map(|name| name.value.clone()).collect();
                unknown.is_empty().then_some(Authorization::Authorizers(names))
            }
        }
    }

    fn unknown_authorizer(&mut self, name: &Spanned<String>, levels: Levels<'_>) {
        if self.file.faulty.contains(&"authorizers") {
            return;
        }
        let mut known: Vec<&str> = self.authorizers.keys().copied().collect();
        known.sort_unstable();
        known.insert(0, SIGNATURE);
        let unknown = unknown_word("authorization", name, &known, name.span);
        let is_inherited = levels.outer(|level| level.authorization.as_ref()).is_some();
        let public = if is_inherited { "\"NONE\"" } else { "null" };
        let help = unknown.help.clone().unwrap_or_default();
        self.once(unknown.with_help(format!("{help}, and `{public}` for a public route")));
    }

    /// The scopes of which a token needs one: user pools have them. Those that stand farther out count where they mean
    /// something.
    pub(super) fn scopes(&mut self, authorization: &Authorization, levels: Levels<'_>) -> Vec<String> {
        let has_scopes = match authorization {
            Authorization::Authorizers(names) => names
                .iter()
                .any(|name| self.authorizers.get(name.as_str()) == Some(&AuthorizerWord::Cognito)),
            Authorization::Public | Authorization::AwsIam => false,
        };
        if !has_scopes {
            if let Some(scopes) = levels.own().scopes.as_ref().filter(|scopes| !scopes.value.is_empty()) {
                self.tell(
                    Code::Scopes,
                    scopes.span,
                    format!("nobody asks for these scopes: the authorization is `{authorization}`"),
                    "scopes are those of tokens of user pools: name an authorizer of the type `COGNITO`, or remove them",
                );
            }
            return Vec::new();
        }
        let scopes = levels.nearest(|level| level.scopes.as_ref());
        let scopes = scopes.iter().flat_map(|scopes| &scopes.value);
        scopes.map(|scope| scope.value.clone()).collect()
    }
}
