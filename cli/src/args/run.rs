//! How an API is called and changed.

use std::path::PathBuf;

use bluegate_core::aws::{STAGE_NAMES, is_region, is_stage_name};

#[derive(Debug, clap::Args)]
pub(crate) struct StageArg {
    /// The stage; by default the one of the AWS file
    ///
    /// That is its `stage`, or the only one of its `stages`. When it has `stages`, a deployment goes to one of those.
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME", value_parser = stage_name)]
    pub(crate) stage: Option<String>,
}

/// A name that API Gateway takes.
pub(crate) fn stage_name(text: &str) -> Result<String, String> {
    if is_stage_name(text) {
        Ok(text.to_owned())
    } else {
        Err(STAGE_NAMES.to_owned())
    }
}

/// A region that AWS may have.
pub(crate) fn region(text: &str) -> Result<String, String> {
    if is_region(text) {
        Ok(text.to_owned())
    } else {
        Err("a region is written as `eu-west-1`".to_owned())
    }
}

/// How AWS is called.
#[derive(Debug, clap::Args)]
pub(crate) struct Calls {
    /// Give up after this many seconds
    ///
    /// All calls together, repeated ones included. A change of the TLS policy, over which API Gateway takes a quarter of
    /// an hour, is none of that time.
    ///
    /// Example: `--timeout 120`
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) timeout: u32,

    /// What answers at AWS_ENDPOINT_URL is an emulator
    ///
    /// For one whose name does not say so. An emulator is excused from what it lacks; what answers at an endpoint of
    /// AWS is none.
    ///
    /// Example: `--emulator`
    #[arg(long)]
    pub(crate) emulator: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct JournalArg {
    /// Where snapshots and the state of a running command are kept
    ///
    /// They hold the API's settings and documents, but no credentials; only the owner may read them.
    ///
    /// Example: `--journal /var/lib/bluegate`
    #[arg(long, value_name = "FOLDER", default_value = ".bluegate")]
    pub(crate) journal: PathBuf,
}

/// How a command that writes goes about it.
#[derive(Debug, clap::Args)]
pub(crate) struct Care {
    #[command(flatten)]
    pub(crate) journal: JournalArg,

    /// Do not ask before the first write
    ///
    /// Without a terminal nothing is asked anyway.
    ///
    /// Example: `--yes`
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CanaryArg {
    /// Send only this many percent of the traffic to the new version
    ///
    /// The stage keeps serving what it serves, and gets a canary. Again with another number, it changes the canary's
    /// part; `bluegate promote` makes the canary what the stage serves, `bluegate abort` takes it away.
    ///
    /// Example: `--canary 10`
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) canary: Option<f64>,
}

/// A part of the traffic: more than nothing, and not more than all. API Gateway keeps two digits behind the point.
fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(percent) if (0.01..=100.0).contains(&percent) => Ok(percent),
        _ => Err("give a number from 0.01 to 100, such as 10 or 0.5".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_traffic_is_more_than_nothing_and_not_more_than_all() {
        for (text, value) in [
            ("10", Some(10.0)),
            ("0.5", Some(0.5)),
            ("100%", Some(100.0)),
            ("0.01", Some(0.01)),
        ] {
            assert_eq!(percent(text).ok(), value, "{text}");
        }
        for text in ["0", "-1", "0.009", "1e-6", "100.01", "NaN", "inf", "ten", ""] {
            assert!(percent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_stage_that_api_gateway_refuses_is_refused_here() {
        assert_eq!(stage_name("v1_a-B").as_deref(), Ok("v1_a-B"));
        for text in ["", "a b", "é", "a/b", &"a".repeat(129)] {
            assert!(stage_name(text).is_err(), "{text}");
        }
    }
}
