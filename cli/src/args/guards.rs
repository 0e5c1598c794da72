//! The flags that permit what is refused otherwise.

use bluegate_deploy::plan::Allow;

/// What every run permits that makes a stage serve something else.
#[derive(Debug, clap::Args)]
pub(crate) struct ServedGuards {
    /// Permit that a method becomes public
    ///
    /// Example: `--allow-public`
    #[arg(long, help_heading = "Guards")]
    allow_public: bool,

    /// Permit that something protects less than before
    ///
    /// Another authorizer or one that lets more pass, an API key, a scope or a check that goes, a model that takes more, a role
    /// that is lent to everybody, an origin more, an older TLS policy, a higher limit of requests, answers that a cache gives to
    /// other callers, stage variables of a canary that swap a function.
    ///
    /// Example: `--allow-weaker`
    #[arg(long, help_heading = "Guards")]
    allow_weaker: bool,

    /// Permit that more than half of the routes vanish
    ///
    /// Example: `--allow-mass-removal`
    #[arg(long, help_heading = "Guards")]
    allow_mass_removal: bool,
}

impl ServedGuards {
    pub(crate) fn allow(&self) -> Allow {
        Allow {
            public: self.allow_public,
            weaker: self.allow_weaker,
            mass_removal: self.allow_mass_removal,
            ..Allow::default()
        }
    }
}

/// What a run permits that puts something else in the place of the draft.
#[derive(Debug, clap::Args)]
pub(crate) struct DraftGuards {
    /// Permit that edits of somebody else get lost
    ///
    /// Example: `--allow-drift`
    #[arg(long, help_heading = "Guards")]
    pub(crate) allow_drift: bool,
}

/// What a run permits by which others may be asked who may call.
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyGuards {
    /// Permit that an authorizer or the resource policy disappears, or that an older policy or one that
    /// lets more pass is served
    ///
    /// Example: `--allow-policy-change`
    #[arg(long, help_heading = "Guards")]
    pub(crate) allow_policy_change: bool,
}

/// What a deployment permits.
#[derive(Debug, clap::Args)]
pub(crate) struct Guards {
    #[command(flatten)]
    served: ServedGuards,

    #[command(flatten)]
    draft: DraftGuards,

    #[command(flatten)]
    policy: PolicyGuards,

    /// Permit VPC links that are not available
    ///
    /// Example: `--allow-unavailable-link`
    #[arg(long, help_heading = "Guards")]
    allow_unavailable_link: bool,

    /// Permit stage variables that are used and that neither the file nor the stage has
    ///
    /// Requests to what uses them fail until somebody sets them.
    ///
    /// Example: `--allow-undefined-variable`
    #[arg(long, help_heading = "Guards")]
    allow_undefined_variable: bool,

    /// Permit the origin `*` together with credentials
    ///
    /// Example: `--allow-open-credentials`
    #[arg(long, help_heading = "Guards")]
    allow_open_credentials: bool,

    /// Permit to deploy to a stage beside its canary, which stays
    ///
    /// The rest of the traffic then goes to the new version, and the canary's part to the version that is tried.
    ///
    /// Example: `--allow-canary`
    #[arg(long, help_heading = "Guards")]
    allow_canary: bool,
}

impl Guards {
    /// For the plan.
    pub(crate) fn allow(&self) -> Allow {
        Allow {
            policy_change: self.policy.allow_policy_change,
            drift: self.draft.allow_drift,
            unavailable_link: self.allow_unavailable_link,
            open_credentials: self.allow_open_credentials,
            canary: self.allow_canary,
            undefined_variable: self.allow_undefined_variable,
            ..self.served.allow()
        }
    }
}
