//! How calls fail, and how often they may be made.

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::stand::Stand;
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "errors-not-found",
        sentence: "An API, a stage or a VPC link that is not there is answered 404 `NotFoundException`.",
        evidence: Evidence::Recorded,
        if_wrong: "It counts as another failure: the run ends before it writes, with AWS's words.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Free(10, |stand| Box::pin(errors_not_found(stand))),
    },
    Assumption {
        name: "errors-bad-document",
        sentence: "A document that is none is answered 400 `BadRequestException`.",
        evidence: Evidence::Recorded,
        if_wrong: "The put counts as one that may have happened, and is undone.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Free(10, |stand| Box::pin(errors_bad_document(stand))),
    },
    Assumption {
        name: "errors-throttled",
        sentence: "Too many calls are answered 429 with `Retry-After`; `LimitExceededException` means a rate unless it says \"maximum number\".",
        evidence: Evidence::Recorded,
        if_wrong: "A quota is taken for a rate, and the call repeated seven times; or the other way round, and the deployment ends and is undone.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Never("it would mean to exceed the quotas that everybody in the account shares"),
    },
    Assumption {
        name: "errors-quotas",
        sentence: "Ten calls a second with a burst of 40; one `PutRestApi` a second, one `CreateDeployment` in 5 seconds, one `DeleteRestApi` in 30 seconds.",
        evidence: Evidence::Documented,
        if_wrong: "Calls are answered 429 more often, and repeated later.",
        place: "deploy/src/api/operation.rs",
        ask: Ask::Never("it would mean to exceed the quotas that everybody in the account shares"),
    },
    Assumption {
        name: "errors-lost",
        sentence: "A call whose answer is lost may have been done.",
        evidence: Evidence::Documented,
        if_wrong: "Nothing: whether it was done is looked up.",
        place: "deploy/src/api/error.rs",
        ask: Ask::Never("nobody can make AWS lose an answer"),
    },
    Assumption {
        name: "errors-clock",
        sentence: "A signature by a clock that differs by more than some minutes is refused in words that bluegate knows.",
        evidence: Evidence::Documented,
        if_wrong: "The message says that AWS does not accept the credentials.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Never("it would take a clock that is wrong"),
    },
    Assumption {
        name: "errors-expired",
        sentence: "Credentials that expired are answered `ExpiredTokenException`.",
        evidence: Evidence::Documented,
        if_wrong: "The message says something else of the credentials.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Never("it would take credentials that expired"),
    },
    Assumption {
        name: "errors-replaced",
        sentence: "The credentials of an instance and of a container are replaced before they expire.",
        evidence: Evidence::Documented,
        if_wrong: "A run on such a machine may end without credentials: the next one puts right what it left.",
        place: "deploy/src/sdk/credentials.rs",
        ask: Ask::Never("it takes an instance, and hours"),
    },
    Assumption {
        name: "errors-caller",
        sentence: "STS tells everybody who calls, without a permission, and the account in twelve digits.",
        evidence: Evidence::Documented,
        if_wrong: "With `account_id` in the AWS file the run ends before it reads anything, and says that nobody confirms the account.",
        place: "deploy/src/read/identify.rs",
        ask: Ask::Never("every run of the probe begins with it"),
    },
    Assumption {
        name: "errors-region",
        sentence: "A region that the account has not enabled is answered `UnrecognizedClientException`.",
        evidence: Evidence::Unverified,
        if_wrong: "The message says something else of the credentials.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Never(
            "it takes a region that is not enabled: name one with `--region` and see what the first call says",
        ),
    },
    Assumption {
        name: "errors-permissions",
        sentence: "The actions of `bluegate iam-policy` are all that a role needs.",
        evidence: Evidence::Documented,
        if_wrong: "A call is denied, and the message names what to allow.",
        place: "deploy/src/api/iam.rs",
        ask: Ask::Never("it takes a role that has these permissions and no others"),
    },
];

async fn errors_not_found(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut said = Vec::new();
    let mut is_right = true;
    for (operation, target) in [
        ("GetRestApi", "/restapis/zzzzzzzzzz".to_owned()),
        ("GetStage", format!("/restapis/{id}/stages/nothing")),
        ("GetVpcLink", "/vpclinks/zzzzzz".to_owned()),
    ] {
        let answer = stand.wire.call(operation, "GET", &target, None).await?;
        is_right &= answer.kind() == "not_found";
        said.push(format!("{operation}: {}", answer.brief()));
    }
    Ok(Finding::of(is_right, said.join("; ")))
}

async fn errors_bad_document(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let target = format!("/restapis/{id}?mode=overwrite");
    let put = stand
        .wire
        .call("PutRestApi", "PUT", &target, Some(serde_json::json!({"paths": 1})))
        .await?;
    Ok(Finding::of(put.kind() == "refused", put.brief()))
}
