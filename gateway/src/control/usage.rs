//! What was used of usage plans
//! ([Usage](https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsage.html)).

use serde_json::{Map, Value as Json, json};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

use super::call::Call;
use super::patch::{Kind, Op, Rules, operations};
use super::plans::{keys_of, no_plan_key};
use super::reply::{Answered, Refusal, reply};
use super::state::Control;

const REMAINING: &str = "Usage remaining must be a number from 0 to 2147483647";

const RULES: Rules = Rules {
    lists: true,
    rows: &[(
        "/remaining",
        &[Op::Replace],
        Kind::Number(0, i32::MAX as i64, REMAINING),
    )],
};

/// How many days a look at what was used may go over.
const MOST_DAYS: i64 = 90;

impl Control {
    /// How many requests were made with the keys of a plan, day by day, and how many are left of the quota.
    pub(super) fn get_usage(&mut self, call: &Call<'_>) -> Answered {
        let plan = self.plan(call)?;
        let day = |name: &str| {
            let given = call.query(name).map(|day| format!("{day}T00:00:00Z"));
            let given = given.and_then(|moment| OffsetDateTime::parse(&moment, &Rfc3339).ok());
            given.map(OffsetDateTime::date).ok_or_else(|| {
                Refusal::bad_request(format!("Usage Plan {name} must be a date in the format yyyy-MM-dd"))
            })
        };
        let (start, end) = (day("startDate")?, day("endDate")?);
        if end < start || (end - start).whole_days() > MOST_DAYS {
            return Err(Refusal::bad_request(
                "Usage Plan endDate must be within 90 days of startDate",
            ));
        }
        let wanted = call.query("keyId");
        let keys = keys_of(plan).filter(|key| wanted.is_none_or(|wanted| wanted == *key));
        Ok(reply(200, self.used(call.part(0), keys, start, end)))
    }

    /// Grants a key of a plan more requests until its quota is whole again.
    pub(super) fn update_usage(&mut self, call: &Call<'_>) -> Answered {
        let (plan, key) = (call.part(0), call.part(1));
        let known = self.plan(call)?;
        if !keys_of(known).any(|known| known == key) {
            return Err(no_plan_key());
        }
        if known.told.get("quota").is_none() {
            return Err(Refusal::bad_request(format!("Usage Plan {plan} has no quota")));
        }
        let patched = RULES.patched(json!({}), &operations(call)?)?;
        if let Some(remaining) = patched["remaining"]
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
        {
            self.gate.usage.grant(plan, key, remaining, call.now);
        }
        let today = call.now.to_offset(UtcOffset::UTC).date();
        Ok(reply(200, self.used(plan, [key].into_iter(), today, today)))
    }

    fn used<'k>(&self, plan: &str, keys: impl Iterator<Item = &'k str>, start: Date, end: Date) -> Json {
        let values: Map<String, Json> = keys
            .map(|key| {
                let days = self.gate.usage.by_day(plan, key, start, end).into_iter();
                // Where there is no quota, AWS has -1 for what is left of it.
                let told = days.map(|(used, left)| json!([used, left.map_or(json!(-1), Json::from)]));
                (key.to_owned(), told.collect())
            })
            .collect();
        json!({
            "usagePlanId": plan,
            "startDate": start.to_string(),
            "endDate": end.to_string(),
            "values": values,
        })
    }
}
