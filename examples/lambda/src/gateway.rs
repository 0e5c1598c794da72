//! Calls of API Gateway, made requests as the routes file and HTTP have them.

use lambda_http::http::Uri;
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::{LambdaEvent, Request, RequestExt as _};

/// Keeps every value of a header.
///
/// An event has them twice: the last of each header, and a list of all. `lambda_http` puts the first over the second and
/// builds a URL with the host of the first. With nothing in it, all values stay and no host can spoil the URL.
pub(crate) fn with_all_headers(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV1(call) = &mut event.payload {
        for (name, value) in &std::mem::take(&mut call.headers) {
            call.multi_value_headers.entry(name).or_insert_with(|| value.clone());
        }
    }
    event
}

/// Gives a request the path of the routes file: without the stage that `lambda_http` puts before it, without the base path
/// of a custom domain, and without a slash at its end that API Gateway takes for nothing.
///
/// API Gateway tells which route it is and what its parameters are: what the path has besides is not the route's.
pub(crate) fn at_route(mut request: Request) -> Request {
    let Some(RequestContext::ApiGatewayV1(context)) = request.request_context_ref() else {
        return request;
    };
    let raw = request.raw_http_path();
    // An emulator may tell it decoded, which is no path of a URL; `lambda_http` encodes it.
    let path = raw.parse::<Uri>().map_or(request.uri().path(), |_| raw);
    let target = match context.resource_path.as_deref() {
        Some(resource) => {
            let parameters = request.path_parameters();
            of_route(path, resource, |name| parameters.first(name).unwrap_or_default())
        }
        None => path,
    };
    let target = match request.uri().query() {
        Some(query) => format!("{target}?{query}"),
        None => target.to_owned(),
    };
    if let Ok(uri) = target.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    request
}

/// The end of a path that is the route's.
fn of_route<'a, 'b>(path: &'a str, resource: &str, value: impl Fn(&str) -> &'b str) -> &'a str {
    let rest = resource
        .strip_suffix("+}")
        .and_then(|resource| resource.rsplit_once('{'));
    let (path, segments) = match rest {
        // Only this parameter can have slashes, and one at its end may be its own.
        Some((_, name)) => (path, depth(resource) + depth(value(name))),
        None => (path.trim_end_matches('/'), depth(resource)),
    };
    let before = depth(path).saturating_sub(segments);
    path.match_indices('/').nth(before).map_or("/", |(at, _)| &path[at..])
}

/// How many slashes a path has, but for those at its end.
fn depth(path: &str) -> usize {
    path.trim_end_matches('/').matches('/').count()
}

#[cfg(test)]
mod tests {
    use super::of_route;

    #[test]
    fn what_stands_before_a_route_is_not_its() {
        let cases = [
            ("/magazines", "/magazines", "", "/magazines"),
            ("/dev/magazines/", "/magazines", "", "/magazines"),
            (
                "/kiosk/v1/dev/magazines/a%2Fb",
                "/magazines/{name}",
                "a%2Fb",
                "/magazines/a%2Fb",
            ),
            // Decoded, as emulators tell it.
            ("/dev/magazines/a%2Fb", "/magazines/{name}", "a/b", "/magazines/a%2Fb"),
            (
                "/magazines/magazines",
                "/magazines/{name}",
                "magazines",
                "/magazines/magazines",
            ),
            ("/dev/covers/a/b.png", "/covers/{path+}", "a/b.png", "/covers/a/b.png"),
            ("/dev/covers/a/b/", "/covers/{path+}", "a/b/", "/covers/a/b/"),
            ("/v1/covers/a/b/", "/covers/{path+}", "a/b", "/covers/a/b/"),
            // A path that says to go up is not walked: it is the route's that API Gateway found.
            (
                "/covers/../magazines",
                "/covers/{path+}",
                "../magazines",
                "/covers/../magazines",
            ),
            ("/", "/", "", "/"),
            ("/dev", "/", "", "/"),
            ("/kiosk/v1/", "/", "", "/"),
            ("", "/", "", "/"),
        ];
        for (path, resource, parameter, expected) in cases {
            assert_eq!(
                of_route(path, resource, |_| parameter),
                expected,
                "{path} of {resource}"
            );
        }
    }
}
