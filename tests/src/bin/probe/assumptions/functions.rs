//! Who may call functions.

use crate::assumption::{Ask, Assumption, Evidence};

const NEEDS_A_FUNCTION: &str = "it takes a function and a role for it, which the probe does not make";

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "functions-source",
        sentence: "A function is called for a route by `API/STAGE/VERB/PATH`, and for an authorizer by `API/authorizers/ID`, whatever the parameters of the path are.",
        evidence: Evidence::Used,
        if_wrong: "The route is answered 500 as if there was no permission: a smoke request undoes the deployment.",
        place: "core/src/gateway/permission.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
    Assumption {
        name: "functions-no-policy",
        sentence: "`GetPolicy` of a function without a policy is answered 404, as of one that is not there.",
        evidence: Evidence::Used,
        if_wrong: "The plan fails with AWS's words before anything is written.",
        place: "deploy/src/read/function.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
    Assumption {
        name: "functions-statement-exists",
        sentence: "To add a statement whose id is there already is refused as a conflict that says \"already exists\".",
        evidence: Evidence::Documented,
        if_wrong: "The call is repeated seven times before the deployment ends and is undone.",
        place: "deploy/src/steps/permission.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
    Assumption {
        name: "functions-policy-size",
        sentence: "A function's policy has 20 kB at most, counted as `GetPolicy` shows it.",
        evidence: Evidence::Documented,
        if_wrong: "`AddPermission` is refused before the stage moves, and the deployment is undone.",
        place: "deploy/src/plan/permissions.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
    Assumption {
        name: "functions-alias",
        sentence: "An alias and a version have policies of their own, which count when the function is called by them.",
        evidence: Evidence::Documented,
        if_wrong: "The route is answered 500: a smoke request undoes the deployment.",
        place: "deploy/src/plan/permissions.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
    Assumption {
        name: "functions-latest",
        sentence: "`$LATEST` has no policy, and a call by that name is not permitted by the one of the function.",
        evidence: Evidence::Documented,
        if_wrong: "A plan is refused that could be carried out; the function without `:$LATEST` is the same code.",
        place: "deploy/src/plan/guards.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
    Assumption {
        name: "functions-principal",
        sentence: "Of `AddPermission` IAM knows by `lambda:Principal` whom a function is opened to.",
        evidence: Evidence::Documented,
        if_wrong: "`AddPermission` is denied to a role with the policy of `bluegate iam-policy`, and the deployment is undone.",
        place: "deploy/src/api/iam.rs",
        ask: Ask::Never(NEEDS_A_FUNCTION),
    },
];
