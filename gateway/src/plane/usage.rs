//! API keys and usage plans
//! ([usage plans](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html)).

use std::collections::BTreeMap;

use time::{Date, OffsetDateTime, UtcOffset};

use super::failure::{Failure, KeyFault};

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What callers send.
    pub value: String,
    /// Whether it opens methods that need a key.
    pub is_enabled: bool,
}

/// The span of time that a quota is for. It begins at midnight UTC, weeks on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
}

impl Period {
    /// All of them, as AWS names them.
    pub const NAMES: [(&'static str, Self); 3] = [("DAY", Self::Day), ("WEEK", Self::Week), ("MONTH", Self::Month)];

    /// The first day of the one that a day is in.
    fn start(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => day - time::Duration::days(i64::from(day.weekday().number_days_from_monday())),
            Self::Month => day.replace_day(1).unwrap_or(day),
        }
    }
}

/// How many requests a key may make in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many.
    pub limit: u64,
    /// How many fewer in the first period.
    pub offset: u64,
    /// The period.
    pub period: Period,
}

/// How fast a key may make requests: a bucket of `burst` tokens, refilled at `rate` a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttle {
    /// Requests a second.
    pub rate: f64,
    /// Requests at once.
    pub burst: u32,
}

/// A usage plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UsagePlan {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The stages that it is about: the id of an API and the name of a stage.
    pub stages: Vec<(String, String)>,
    /// The ids of its keys.
    pub keys: Vec<String>,
    /// How many requests each key may make.
    pub quota: Option<Quota>,
    /// How fast.
    pub throttle: Option<Throttle>,
    /// How fast for single methods: the id of an API, the name of a stage, and the method, such as `/users/{id}/GET`.
    pub methods: BTreeMap<(String, String, String), Throttle>,
}

/// The keys and plans of an account in a region, and what was used of them.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// The keys.
    pub keys: Vec<ApiKey>,
    /// The plans.
    pub plans: Vec<UsagePlan>,
    /// How fast all requests to the stages of an account may come. AWS has 10,000 a second and 5,000 at once; here it is
    /// only what is said.
    pub account: Option<Throttle>,
    /// What there was with a key of a plan on a day.
    days: BTreeMap<(String, String, Date), Day>,
    buckets: BTreeMap<Vec<String>, Bucket>,
}

/// Tokens, of which each request takes one.
#[derive(Debug, Clone)]
struct Bucket {
    tokens: f64,
    at: OffsetDateTime,
}

#[derive(Debug, Clone, Copy, Default)]
struct Day {
    /// Requests.
    used: u64,
    /// How many more somebody granted, or fewer.
    granted: i64,
}

fn date(now: OffsetDateTime) -> Date {
    now.to_offset(UtcOffset::UTC).date()
}

impl Usage {
    /// Lets a request pass or not, and counts it. The id of the key that was sent is told, if there is such a key.
    pub(super) fn admit(
        &mut self,
        (rest_api_id, stage): (&str, &str),
        method: &str,
        is_required: bool,
        sent: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Option<String>, Failure> {
        let key = sent.and_then(|sent| self.keys.iter().find(|key| key.value == sent));
        let plan = key.and_then(|key| {
            let is_of = |plan: &&UsagePlan| {
                let mut stages = plan.stages.iter();
                plan.keys.contains(&key.id) && stages.any(|(api, name)| api == rest_api_id && name == stage)
            };
            self.plans.iter().find(is_of)
        });
        // Recorded of AWS: where no key is needed, one that was sent counts all the same, even when it is disabled.
        if is_required && (plan.is_none() || key.is_none_or(|key| !key.is_enabled)) {
            return Err(Failure::InvalidApiKey(match (sent, key) {
                (None, _) => KeyFault::Missing,
                (_, None) => KeyFault::Unknown,
                (_, Some(key)) if !key.is_enabled => KeyFault::Disabled,
                _ => KeyFault::NotPlanned,
            }));
        }
        let (Some(key), Some(plan)) = (key, plan) else {
            return Ok(key.map(|key| key.id.clone()));
        };
        let of_method = (rest_api_id.to_owned(), stage.to_owned(), method.to_owned());
        if let Some(throttle) = plan.methods.get(&of_method) {
            let (api, stage, method) = of_method;
            let bucket = vec![plan.id.clone(), key.id.clone(), api, stage, method];
            take(&mut self.buckets, bucket, *throttle, now)
                .map_err(|()| Failure::Throttled(format!("the usage plan `{}` for the method", plan.name)))?;
        }
        if let Some(throttle) = plan.throttle {
            take(&mut self.buckets, vec![plan.id.clone(), key.id.clone()], throttle, now)
                .map_err(|()| Failure::Throttled(format!("the usage plan `{}`", plan.name)))?;
        }
        let today = date(now);
        if self.left(plan, &key.id, today) == Some(0) {
            return Err(Failure::QuotaExceeded(plan.name.clone()));
        }
        let day = (plan.id.clone(), key.id.clone(), today);
        self.days.entry(day).or_default().used += 1;
        Ok(Some(key.id.clone()))
    }

    /// How many requests are left of the quota of a plan for a key at the end of a day, if it has a quota. What is
    /// subtracted at first is so in the period in which the key was used first.
    fn left(&self, plan: &UsagePlan, key: &str, day: Date) -> Option<u64> {
        let quota = plan.quota?;
        let start = quota.period.start(day);
        let since = |first: Date| self.days.range((plan.id.clone(), key.to_owned(), first)..);
        let first = since(Date::MIN).next();
        let first = first.filter(|((of, by, _), _)| *of == plan.id && by == key);
        let is_first = first.is_none_or(|((.., first), _)| quota.period.start(*first) >= start);
        let days = since(start).take_while(|((of, by, at), _)| *of == plan.id && by == key && *at <= day);
        let (used, granted) = days.fold((0, 0), |(used, granted), (_, one)| {
            (used + i128::from(one.used), granted + i128::from(one.granted))
        });
        let offset = if is_first { quota.offset } else { 0 };
        let left = i128::from(quota.limit.saturating_sub(offset)) + granted - used;
        Some(u64::try_from(left.max(0)).unwrap_or(u64::MAX))
    }

    /// Leaves a key of a plan so many requests until the end of the period, if the plan has a quota.
    pub(crate) fn grant(&mut self, plan: &str, key: &str, remaining: u32, now: OffsetDateTime) {
        let today = date(now);
        let known = self.plans.iter().find(|one| one.id == plan);
        let Some(left) = known.and_then(|plan| self.left(plan, key, today)) else {
            return;
        };
        let more = i64::from(remaining).saturating_sub_unsigned(left);
        let day = self.days.entry((plan.to_owned(), key.to_owned(), today)).or_default();
        day.granted = day.granted.saturating_add(more);
    }

    /// How many requests were made with a key of a plan, from one day to another, and how many were left of its quota,
    /// if it has one.
    #[must_use]
    pub fn by_day(&self, plan: &str, key: &str, from: Date, to: Date) -> Vec<(u64, Option<u64>)> {
        let known = self.plans.iter().find(|one| one.id == plan);
        let days = std::iter::successors(Some(from), |day| day.next_day()).take_while(|day| *day <= to);
        let of = |day| {
            let used = self.days.get(&(plan.to_owned(), key.to_owned(), day));
            let left = known.and_then(|plan| self.left(plan, key, day));
            (used.map_or(0, |one| one.used), left)
        };
        days.map(of).collect()
    }

    /// Lets a request pass or not, by the limit of its method or its stage and by that of the account.
    pub(super) fn throttle(
        &mut self,
        (rest_api_id, stage): (&str, &str),
        limit: Option<(&String, &Throttle)>,
        account: &str,
        now: OffsetDateTime,
    ) -> Result<(), Failure> {
        if let Some((name, throttle)) = limit {
            let bucket = vec![rest_api_id.to_owned(), stage.to_owned(), name.clone()];
            take(&mut self.buckets, bucket, *throttle, now)
                .map_err(|()| Failure::Throttled(format!("the stage for {name}")))?;
        }
        if let Some(throttle) = self.account {
            take(&mut self.buckets, vec![account.to_owned()], throttle, now)
                .map_err(|()| Failure::Throttled("the account".to_owned()))?;
        }
        Ok(())
    }
}

/// Takes a token of a bucket, which is full at first.
fn take(
    buckets: &mut BTreeMap<Vec<String>, Bucket>,
    name: Vec<String>,
    throttle: Throttle,
    now: OffsetDateTime,
) -> Result<(), ()> {
    let burst = f64::from(throttle.burst);
    let bucket = buckets.entry(name).or_insert(Bucket { tokens: burst, at: now });
    let elapsed = (now - bucket.at).as_seconds_f64().max(0.);
    bucket.tokens = (bucket.tokens + elapsed * throttle.rate).min(burst);
    bucket.at = now;
    if bucket.tokens < 1. {
        return Err(());
    }
    bucket.tokens -= 1.;
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    const STAGE: (&str, &str) = ("api", "dev");
    const METHOD: &str = "/a/GET";

    fn usage(quota: Option<Quota>, throttle: Option<Throttle>) -> Usage {
        let key = |id: &str, is_enabled| ApiKey {
            id: id.to_owned(),
            name: id.to_owned(),
            value: format!("{id}-value"),
            is_enabled,
        };
        let plan = UsagePlan {
            id: "plan".into(),
            name: "plan".into(),
            description: None,
            stages: vec![("api".into(), "dev".into())],
            keys: vec!["in".into(), "off".into()],
            quota,
            throttle,
            methods: BTreeMap::new(),
        };
        Usage {
            keys: vec![key("in", true), key("off", false), key("out", true)],
            plans: vec![plan],
            ..Usage::default()
        }
    }

    fn noon() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_790_337_600).unwrap()
    }

    #[test]
    fn a_method_that_needs_a_key_takes_those_of_a_plan_of_its_stage() {
        let mut usage = usage(None, None);
        for (sent, stage, fault) in [
            (Some("in-value"), STAGE, None),
            (None, STAGE, Some(KeyFault::Missing)),
            (Some("none"), STAGE, Some(KeyFault::Unknown)),
            (Some("off-value"), STAGE, Some(KeyFault::Disabled)),
            (Some("out-value"), STAGE, Some(KeyFault::NotPlanned)),
            (Some("in-value"), ("api", "prod"), Some(KeyFault::NotPlanned)),
        ] {
            let expected = fault.map_or(Ok(Some("in".into())), |fault| Err(Failure::InvalidApiKey(fault)));
            assert_eq!(usage.admit(stage, METHOD, true, sent, noon()), expected, "{sent:?}");
        }
    }

    #[test]
    fn a_key_counts_where_none_is_needed_even_when_it_is_disabled() {
        let quota = Quota {
            limit: 1,
            offset: 0,
            period: Period::Day,
        };
        let mut usage = usage(Some(quota), None);
        assert_eq!(usage.admit(STAGE, METHOD, false, None, noon()), Ok(None));
        assert_eq!(usage.admit(STAGE, METHOD, false, Some("none"), noon()), Ok(None));
        assert_eq!(
            usage.admit(STAGE, METHOD, false, Some("out-value"), noon()),
            Ok(Some("out".into()))
        );
        assert_eq!(
            usage.admit(STAGE, METHOD, false, Some("off-value"), noon()),
            Ok(Some("off".into()))
        );
        assert_eq!(
            usage.admit(STAGE, METHOD, false, Some("off-value"), noon()),
            Err(Failure::QuotaExceeded("plan".into()))
        );
    }

    #[test]
    fn a_quota_is_whole_again_with_the_next_period() {
        let quota = Quota {
            limit: 2,
            offset: 1,
            period: Period::Week,
        };
        let mut usage = usage(Some(quota), None);
        let mut ask = |now| usage.admit(STAGE, METHOD, true, Some("in-value"), now).is_ok();
        let next = noon() + Duration::days(7);
        assert_eq!([ask(noon()), ask(noon())], [true, false]);
        assert_eq!([ask(next), ask(next), ask(next)], [true, true, false]);
    }

    #[test]
    fn what_is_granted_is_left_until_the_period_ends() {
        let quota = Quota {
            limit: 2,
            offset: 1,
            period: Period::Day,
        };
        let mut usage = usage(Some(quota), None);
        let next = noon() + Duration::days(1);
        let ask = |usage: &mut Usage, now| usage.admit(STAGE, METHOD, true, Some("in-value"), now).is_ok();
        assert_eq!([ask(&mut usage, noon()), ask(&mut usage, noon())], [true, false]);
        usage.grant("plan", "in", 3, noon());
        assert_eq!([0; 4].map(|_| ask(&mut usage, noon())), [true, true, true, false]);
        assert_eq!([0; 3].map(|_| ask(&mut usage, next)), [true, true, false]);
        let days = usage.by_day("plan", "in", noon().date(), next.date().next_day().unwrap());
        assert_eq!(days, [(4, Some(0)), (2, Some(0)), (0, Some(2))]);
        usage.grant("plan", "in", 0, next);
        assert!(!ask(&mut usage, next));
    }

    #[test]
    fn a_bucket_is_refilled_by_the_clock_that_is_passed_in() {
        let throttle = Throttle { rate: 2., burst: 3 };
        let mut usage = usage(None, Some(throttle));
        let mut ask = |millis| {
            let now = noon() + Duration::milliseconds(millis);
            usage.admit(STAGE, METHOD, true, Some("in-value"), now)
                != Err(Failure::Throttled("the usage plan `plan`".into()))
        };
        assert_eq!([ask(0), ask(0), ask(0), ask(0)], [true, true, true, false]);
        assert_eq!([ask(400), ask(500), ask(600), ask(1_000)], [false, true, false, true]);
    }

    #[test]
    fn a_method_of_a_plan_a_stage_and_an_account_have_limits_of_their_own() {
        let one = Throttle { rate: 1., burst: 1 };
        let mut usage = usage(None, None);
        let of_method = ("api".to_owned(), "dev".to_owned(), METHOD.to_owned());
        usage.plans[0].methods.insert(of_method, one);
        let mut ask = |method| usage.admit(STAGE, method, true, Some("in-value"), noon()).is_ok();
        assert_eq!(
            [ask(METHOD), ask(METHOD), ask("/b/GET"), ask("/b/GET")],
            [true, false, true, true]
        );
        let (all, name) = ("*/*".to_owned(), METHOD.to_owned());
        let mut pass = |limit| usage.throttle(STAGE, limit, "account", noon()).is_ok();
        assert_eq!([pass(Some((&all, &one))), pass(Some((&all, &one)))], [true, false]);
        assert_eq!([pass(Some((&name, &one))), pass(None), pass(None)], [true, true, true]);
        usage.account = Some(one);
        let mut pass = |account| usage.throttle(STAGE, None, account, noon()).is_ok();
        assert_eq!([pass("account"), pass("account"), pass("other")], [true, false, true]);
    }
}
