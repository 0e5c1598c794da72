//! The names of a stage's settings that are about methods
//! ([patches of stages](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)):
//! `/~1users~1{id}/GET/throttling/rateLimit`.

/// What the names of the settings of all methods begin with.
pub const EVERY: &str = "/*/*";

/// What the names of the settings of a method begin with.
///
/// ```
/// assert_eq!(bluegate_core::aws::stage_path::of_method("GET /users/{id}"), "/~1users~1{id}/GET");
/// ```
#[must_use]
pub fn of_method(method: &str) -> String {
    let (verb, path) = method.split_once(' ').unwrap_or((method, "/"));
    format!("/{}/{verb}", path.replace('/', "~1"))
}

/// The same, of a key that API Gateway answers with. It leaves the first slash of the path out or not.
///
/// ```
/// assert_eq!(bluegate_core::aws::stage_path::of_answer("users~1{id}/GET"), "/~1users~1{id}/GET");
/// ```
#[must_use]
pub fn of_answer(key: &str) -> String {
    let (path, verb) = key.rsplit_once('/').unwrap_or(("", key));
    let path = path.replace("~1", "/");
    match (path.trim_start_matches('/'), verb) {
        ("*", "*") => EVERY.to_owned(),
        (path, verb) => of_method(&format!("{verb} /{path}")),
    }
}

/// The method that a setting is about; `None` for one of all methods or of the stage itself.
///
/// ```
/// use bluegate_core::aws::stage_path::method;
///
/// assert_eq!(method("/~1users/GET/logging/loglevel").as_deref(), Some("GET /users"));
/// assert_eq!(method("/*/*/logging/loglevel"), None);
/// ```
#[must_use]
pub fn method(name: &str) -> Option<String> {
    let mut parts = name.strip_prefix('/')?.split('/');
    let (path, verb) = (parts.next()?, parts.next()?);
    path.starts_with("~1")
        .then(|| format!("{verb} {}", path.replace("~1", "/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_as_recorded_of_aws_are_those_of_patches() {
        for (answered, key) in [
            ("*/*", "/*/*"),
            ("/*/*", "/*/*"),
            ("~1*/*", "/*/*"),
            ("GET", "/~1/GET"),
            ("test/GET", "/~1test/GET"),
            ("~1test/GET", "/~1test/GET"),
            ("a~1{b}/POST", "/~1a~1{b}/POST"),
            ("/GET", "/~1/GET"),
            ("~1/GET", "/~1/GET"),
        ] {
            assert_eq!(of_answer(answered), key, "{answered}");
        }
    }
}
