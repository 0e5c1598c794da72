//! Which route somebody meant whose request none answers.

use std::fmt;

use bluegate_core::gateway::VERBS;
use bluegate_core::nearest;

use super::stage::Stage;

/// How a request fails to be one of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Near {
    /// The path has methods of other verbs.
    Verbs(Vec<&'static str>),
    /// There is a route where the first segments are left out.
    Behind { path: String, left_out: String },
    /// There is a route with nearly this path.
    Path(String),
}

impl Near {
    pub(super) fn of(stage: &Stage, verb: &str, path: &str) -> Option<Self> {
        let verbs = VERBS.into_iter().filter(|verb| stage.route(verb, path).is_some());
        let verbs: Vec<&str> = verbs.collect();
        if !verbs.is_empty() {
            return Some(Self::Verbs(verbs));
        }
        // A path of the service, or one with a stage in front.
        let behind = path
            .match_indices('/')
            .map(|(at, _)| path.split_at(at))
            .skip(1)
            .find(|(_, rest)| rest.len() > 1 && stage.route(verb, rest).is_some_and(|route| route.is_literal()));
        if let Some((left_out, rest)) = behind {
            return Some(Self::Behind {
                path: rest.to_owned(),
                left_out: left_out.to_owned(),
            });
        }
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let resources = stage.api().resources.iter();
        let with_methods = resources.filter(|resource| !resource.methods.is_empty());
        let filled: Vec<(String, &str)> = with_methods
            .filter_map(|resource| Some((filled(&resource.path, &segments)?, resource.path.as_str())))
            .collect();
        let near = nearest(path, filled.iter().map(|(text, _)| text.as_str()))?;
        let (_, route) = filled.iter().find(|(text, _)| text == near)?;
        Some(Self::Path((*route).to_owned()))
    }
}

/// A path of a resource with as many segments, in which parameters have the values of the request.
fn filled(resource: &str, segments: &[&str]) -> Option<String> {
    let parts: Vec<&str> = resource.trim_matches('/').split('/').collect();
    (parts.len() == segments.len()).then(|| {
        let pairs = parts.iter().zip(segments);
        pairs
            .map(|(part, sent)| format!("/{}", if part.starts_with('{') { sent } else { part }))
            .collect()
    })
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verbs(verbs) => write!(f, "the path takes {}", verbs.join(", ")),
            Self::Behind { path, left_out } => write!(f, "there is `{path}`: leave out `{left_out}`"),
            Self::Path(path) => write!(f, "`{path}` is near"),
        }
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::Api;
    use bluegate_core::openapi::Document;

    use super::*;

    #[test]
    fn the_route_that_was_meant_is_found_and_no_other() {
        let document: Document = serde_json::from_value(serde_json::json!({"paths": {
            "/books": {"get": {}, "post": {}},
            "/books/{id}": {"get": {}},
            "/books/{id}/covers": {"get": {}},
        }}))
        .unwrap();
        let stage = Stage::new("a", "dev", Api::from(&document));
        for (verb, path, near) in [
            ("DELETE", "/books", Some("the path takes GET, POST")),
            ("GET", "/book", Some("`/books` is near")),
            ("GET", "/boks/7/cover", Some("`/books/{id}/covers` is near")),
            ("GET", "/dev/books", Some("there is `/books`: leave out `/dev`")),
            (
                "GET",
                "/v1/api/books/7",
                Some("there is `/books/7`: leave out `/v1/api`"),
            ),
            ("GET", "/authors", None),
            ("GET", "/", None),
        ] {
            let found = Near::of(&stage, verb, path).map(|near| near.to_string());
            assert_eq!(found.as_deref(), near, "{verb} {path}");
        }
    }
}
