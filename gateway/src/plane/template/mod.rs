//! The language of mapping templates: the part of Velocity that API Gateway has
//! ([mapping templates](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html)).

mod eval;
mod expression;
mod methods;
mod parse;
mod scope;
mod syntax;

pub(super) use scope::Scope;
use syntax::Node;

/// What is wrong with a template, or went wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateError(String);

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TemplateError {}

/// A template that was read.
#[derive(Debug, Clone)]
pub(super) struct Template(Vec<Node>);

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        parse::parse(text).map(Self)
    }

    /// What it prints, if that is the same for every request.
    pub(super) fn text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Node::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Prints it. What it sets of `$context` stays set.
    pub(super) fn render(&self, scope: &mut Scope<'_>) -> Result<String, TemplateError> {
        eval::print(&self.0, scope)
    }
}

#[cfg(test)]
mod tests;
