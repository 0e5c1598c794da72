//! The path of a request, as the routes file has it.

use lambda_http::http::Uri;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt as _};

/// Takes off what stands before the path of the route: the stage, which `lambda_http` puts there, and the base path of a
/// custom domain.
///
/// API Gateway tells which route it is and what its parameters are: what the path has besides is not the route's.
pub(crate) fn at_route(mut request: Request) -> Request {
    let Some(RequestContext::ApiGatewayV1(context)) = request.request_context_ref() else {
        return request;
    };
    let parameters = request.path_parameters();
    let filled = |segment: &str| {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let value = name.and_then(|name| parameters.first(name.trim_end_matches('+')));
        depth(value.unwrap_or_default())
    };
    let resource = context.resource_path.as_deref().unwrap_or("/");
    let of_route = depth(resource) + resource.split('/').map(filled).sum::<usize>();
    let path = request.uri().path();
    let before = depth(path).saturating_sub(of_route);
    let at = path.match_indices('/').nth(before).map(|(at, _)| at);
    let mut target = at.map_or("/", |at| &path[at..]).to_owned();
    if let Some(query) = request.uri().query() {
        target = format!("{target}?{query}");
    }
    if let Ok(uri) = target.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    request
}

/// How many slashes a path has, but for one at its end.
fn depth(path: &str) -> usize {
    path.trim_end_matches('/').matches('/').count()
}
