//! Many changes of the same kind on one line.

use bluegate_core::gateway::Change;

/// What stands for a status in a group of them.
const STATUS: &str = "\u{0}";

/// The kinds of fields that a method has once for each status.
const PER_STATUS: [&str; 3] = ["answers", "answer", "declares"];

/// The status in a field such as `answer 201 template application/json`.
fn status(field: &str) -> Option<(&str, &str, &str)> {
    let (kind, rest) = field.split_once(' ')?;
    let (status, rest) = rest.split_once(' ').map_or((rest, ""), |(status, rest)| (status, rest));
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    (PER_STATUS.contains(&kind) && is_status).then_some((kind, status, rest))
}

/// The same changes, with those that differ in the status only as one, in the place of the first of them.
pub(super) fn condensed(changes: &[Change]) -> Vec<Change> {
    struct Group<'a> {
        kind: &'a str,
        rest: &'a str,
        statuses: Vec<&'a str>,
        from: Option<String>,
        to: Option<String>,
    }
    enum Line<'a> {
        Alone(&'a Change),
        Group(Group<'a>),
    }
    let mut lines: Vec<Line<'_>> = Vec::new();
    for change in changes {
        let Some((kind, status, rest)) = status(&change.field) else {
            lines.push(Line::Alone(change));
            continue;
        };
        let general = |value: &Option<String>| value.as_ref().map(|value| value.replace(status, STATUS));
        let (from, to) = (general(&change.from), general(&change.to));
        let known = lines.iter_mut().find_map(|line| match line {
            Line::Group(group) if (group.kind, group.rest) == (kind, rest) && group.from == from && group.to == to => {
                Some(group)
            }
            _ => None,
        });
        match known {
            Some(group) => group.statuses.push(status),
            None => lines.push(Line::Group(Group {
                kind,
                rest,
                statuses: vec![status],
                from,
                to,
            })),
        }
    }
    let group = |group: Group<'_>| {
        let shown = |value: Option<String>| {
            let text = match group.statuses.as_slice() {
                [only] => value?.replace(STATUS, only),
                _ => value?.replace(STATUS, "(the status)"),
            };
            Some(text)
        };
        let space = if group.rest.is_empty() { "" } else { " " };
        Change {
            field: format!("{} {}{space}{}", group.kind, group.statuses.join(", "), group.rest),
            from: shown(group.from),
            to: shown(group.to),
        }
    };
    lines
        .into_iter()
        .map(|line| match line {
            Line::Alone(change) => change.clone(),
            Line::Group(one) => group(one),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str, from: Option<&str>, to: Option<&str>) -> Change {
        Change {
            field: field.to_owned(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        }
    }

    #[test]
    fn statuses_that_change_in_the_same_way_are_one_line() {
        let changes = [
            change("answer 200 template application/json", Some("{}"), None),
            change("answers 200", None, Some("default")),
            change("answers 201", None, Some("201")),
            change("answers 404", None, Some("404")),
            change("authorization", Some("NONE"), Some("AWS_IAM")),
            change("declares 201", None, Some("X-A")),
            change("declares 404", None, Some("X-A")),
            change("answers that", None, Some("is no status")),
        ];
        let lines: Vec<String> = condensed(&changes)
            .iter()
            .map(|one| {
                let value = |value: &Option<String>| value.clone().unwrap_or_default();
                format!("{}: {} -> {}", one.field, value(&one.from), value(&one.to))
            })
            .collect();
        assert_eq!(
            lines,
            [
                "answer 200 template application/json: {} -> ",
                "answers 200:  -> default",
                "answers 201, 404:  -> (the status)",
                "authorization: NONE -> AWS_IAM",
                "declares 201, 404:  -> X-A",
                "answers that:  -> is no status",
            ]
        );
    }
}
