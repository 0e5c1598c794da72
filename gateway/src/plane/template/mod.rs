//! The language of mapping templates: the part of Velocity that API Gateway has
//! ([mapping templates](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html)).

mod eval;
mod expression;
mod methods;
mod parse;
mod scope;
mod syntax;

use parse::parse;
pub(super) use scope::Scope;

/// What is wrong with a template, or went wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateError(String);

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TemplateError {}

/// Prints a template. What it sets of `$context` stays set.
pub(super) fn render(template: &str, scope: &mut Scope<'_>) -> Result<String, TemplateError> {
    let nodes = parse(template)?;
    eval::print(&nodes, scope)
}

#[cfg(test)]
mod tests;
