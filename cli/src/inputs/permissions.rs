//! Whether others can read the credentials in a file.

use std::path::Path;

use bluegate_core::{AwsFile, Code, Diagnostic, Diagnostics};

/// Warns when the file holds keys and its mode lets the group or everybody read it.
pub(super) fn check(path: &Path, file: &AwsFile) -> Diagnostics {
    let mut found = Diagnostics::new();
    let key = file.aws.as_ref().and_then(|aws| {
        let keys = [&aws.secret_access_key, &aws.session_token];
        keys.into_iter().flatten().find(|key| !key.is_empty())
    });
    if let Some(key) = key
        && let Some(mode) = open_to_others(path)
    {
        found.push(
            Diagnostic::new(
                Code::ReadableCredentials,
                format!("others can read the credentials in this file (its mode is {mode:03o})"),
            )
            .at(key.span)
            .with_help(format!(
                "run `chmod 600 {}`, or leave the keys out to use the credential chain of the AWS SDK",
                path.display()
            )),
        );
    }
    found
}

#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let meta = std::fs::metadata(path).ok()?;
    let mode = meta.permissions().mode() & 0o777;
    // A pipe, such as the one of a process substitution, is nobody else's.
    (meta.is_file() && mode & 0o044 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_path: &Path) -> Option<u32> {
    None
}
