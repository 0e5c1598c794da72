//! One run: it says what it is going to do, asks, and deletes what it made.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{self, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};

use bluegate_core::aws::{EMULATED_ACCOUNT, Environment, Service};
use bluegate_deploy::api::Identity;
use bluegate_deploy::interrupt::Interrupt;
use bluegate_deploy::read::moment;
use bluegate_deploy::sdk::connect_at;

use crate::args::{Args, Format};
use crate::assumption::{Ask, Assumption, all};
use crate::made::{self, Kind, Made};
use crate::report::{Answer, Report, Row};
use crate::stand::{PREFIX, Stand};
use crate::wire::{Stopped, Wire};

const WRONG: u8 = 3;
const INTERRUPTED: u8 = 130;

/// No run takes longer than that, in seconds, slow questions included: what is older is left over.
const LONGEST_RUN: u64 = 6 * 3600;
/// What deletion of one API takes, by its quota.
const DELETION: u64 = 30;

/// Asks what is to be asked.
///
/// # Errors
///
/// Why nothing could be asked, in a sentence.
pub(crate) async fn run(args: &Args) -> Result<ExitCode, String> {
    let wanted = Environment {
        region: args.region.clone(),
        profile: args.profile.clone(),
        ..Environment::default()
    };
    let connected = connect_at(&wanted, args.endpoint_url.as_deref()).await;
    let client = connected.map_err(|error| format!("{error}; see --help"))?;
    let interrupt = Interrupt::default();
    let wire = Wire::new(client, interrupt.clone());
    let caller = match wire.caller().await {
        // Not every emulator has STS.
        Err(_) if !wire.is_aws() => Identity {
            account: EMULATED_ACCOUNT.to_owned(),
            arn: "nobody that it knows".to_owned(),
        },
        caller => caller?,
    };
    let began = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let is_wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|wanted| wanted == name);
    let asked: Vec<(&'static Assumption, Option<String>)> = all()
        .filter(|known| is_wanted(known.name))
        .map(|known| (known, why_not(known, args)))
        .collect();
    say(&estimate(args, &wire, &caller.arn, &caller.account, &asked));
    if !confirm(args, "Go on?")? {
        return Err("nothing was done".to_owned());
    }
    let destination = wire.destination().clone();
    let mut stand = Stand::new(wire, format!("{PREFIX}{began}-{}", process::id()), caller.account);
    let mut left = delete_left_overs(args, &mut stand, began).await?;
    // From here on there may be something of its own to delete.
    tokio::spawn(listen(interrupt.clone()));
    let mut rows = Vec::new();
    for (known, why_not) in asked {
        rows.push(ask(&mut stand, known, why_not).await);
    }
    stand.wire.persist();
    left.extend(delete_own(&mut stand).await);
    let report = Report {
        began: moment(i64::try_from(began).unwrap_or_default()).unwrap_or_default(),
        region: destination.region,
        service: serde_json::to_value(destination.service).unwrap_or_default(),
        rows,
        left,
    };
    let json = stand.mask.clean(&format!("{:#}\n", report.json()));
    if let Some(folder) = &args.output {
        write(folder, "report.json", &json)?;
        let recordings = format!("{:#}\n", report.all_recordings());
        write(folder, "recordings.json", &stand.mask.clean(&recordings))?;
    }
    print(&match args.format {
        Format::Text => report.text(&stand.mask),
        Format::Json => json,
    });
    for left in &report.left {
        say(&format!("left undeleted: {left}"));
    }
    Ok(match () {
        () if interrupt.is_raised() => ExitCode::from(INTERRUPTED),
        () if !report.left.is_empty() => ExitCode::FAILURE,
        () if report.count("wrong") > 0 => ExitCode::from(WRONG),
        () if report.count("right") == 0 && report.count("refused") > 0 => ExitCode::FAILURE,
        () => ExitCode::SUCCESS,
    })
}

/// Why something is not asked.
fn why_not(known: &Assumption, args: &Args) -> Option<String> {
    let reason = match known.ask {
        Ask::Never(why) => why,
        Ask::Paid(..) if !args.paid => "it costs money: --paid",
        Ask::Slow(..) if !args.slow => "it takes half an hour and more: --slow",
        Ask::Free(..) | Ask::Paid(..) | Ask::Slow(..) => return None,
    };
    Some(reason.to_owned())
}

/// What the run is going to do, how long that takes and what it costs.
fn estimate(
    args: &Args,
    wire: &Wire,
    arn: &str,
    account: &str,
    asked: &[(&'static Assumption, Option<String>)],
) -> String {
    let asked: Vec<&Ask> = asked
        .iter()
        .filter_map(|(known, why_not)| why_not.is_none().then_some(&known.ask))
        .collect();
    let (mut seconds, mut cents) = (DELETION * 2, 1);
    for ask in &asked {
        match ask {
            Ask::Free(time, _) => seconds += time,
            Ask::Slow(time, _) => seconds += time + DELETION,
            Ask::Paid(time, price, _) => {
                seconds += time;
                cents += price;
            }
            Ask::Never(_) => {}
        }
    }
    let at = match &wire.destination().endpoint {
        Some(endpoint) => format!(" at {endpoint}"),
        None => String::new(),
    };
    let mut text = format!(
        "asks {} questions of the account {account} in {}{at}, as {arn}\n\
         It makes REST APIs and a usage plan named {PREFIX}..., and deletes them. Nothing else is touched.\n\
         That takes about {} minutes and costs {cents} cent{} at most (calls of an API, {}).",
        asked.len(),
        wire.destination().region,
        seconds.div_ceil(60),
        if cents == 1 { "" } else { "s" },
        if args.paid {
            "a cache of 0.5 GB for minutes"
        } else {
            "nothing else"
        },
    );
    if wire.destination().service == Service::Emulator {
        text += "\nAn emulator answers there: what it says tells nothing of AWS.";
    }
    text
}

/// Asks a person, unless `--yes` answers.
fn confirm(args: &Args, question: &str) -> Result<bool, String> {
    if args.yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err("nobody is there to be asked: --yes goes on without".to_owned());
    }
    eprint!("{question} [y/N] ");
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).map_err(|error| error.to_string())?;
    Ok(read > 0 && matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Asks one question.
async fn ask(stand: &mut Stand, known: &'static Assumption, why_not: Option<String>) -> Row {
    let answer = match (&known.ask, why_not) {
        (_, Some(why)) => Answer::NotAsked(why),
        (Ask::Never(why), None) => Answer::NotAsked((*why).to_owned()),
        (Ask::Free(_, question) | Ask::Paid(_, _, question) | Ask::Slow(_, question), None) => {
            question(stand).await.into()
        }
    };
    let (word, said) = answer.parts();
    if !matches!(answer, Answer::NotAsked(_)) {
        say(&format!("{}: {word}: {}", known.name, stand.mask.clean(said)));
    }
    Row {
        known,
        answer,
        calls: stand.wire.kept(),
    }
}

/// What earlier runs left: those that ended hours ago, or that somebody says are over.
async fn delete_left_overs(args: &Args, stand: &mut Stand, now: u64) -> Result<Vec<String>, String> {
    let found = match made::all(stand).await {
        Ok(found) => found,
        // The questions will be refused too, and say so.
        Err(Stopped::Refused(why)) => {
            say(&format!("cannot look for what earlier runs left: {why}"));
            return Ok(Vec::new());
        }
        Err(Stopped::Interrupted) => return Ok(Vec::new()),
    };
    let mut left = Vec::new();
    for made in found {
        let age = now.saturating_sub(made.began().unwrap_or(now));
        say(&format!(
            "an earlier run left {} ({}), {} minutes old",
            made.name,
            made.id,
            age / 60
        ));
        if args.yes && age < LONGEST_RUN {
            say("it may belong to a run that is at work: it stays");
            continue;
        }
        if confirm(args, "Delete it?")? {
            left.extend(deleted(stand, &made).await);
        }
    }
    Ok(left)
}

/// Deletes what this run made, and tells what it could not.
async fn delete_own(stand: &mut Stand) -> Vec<String> {
    let found = match made::all(stand).await {
        Ok(found) => found,
        Err(_) if stand.has_made_nothing() => return Vec::new(),
        Err(stopped) => return vec![format!("whatever is named {} ({stopped})", stand.name)],
    };
    let own: Vec<Made> = found.into_iter().filter(|made| made.name == stand.name).collect();
    let apis = own.iter().filter(|made| made.kind == Kind::RestApi).count();
    if apis > 1 && stand.wire.is_aws() {
        say(&format!("deleting {apis} APIs, one in {DELETION} seconds"));
    }
    let mut left = Vec::new();
    for made in own {
        left.extend(deleted(stand, &made).await);
    }
    left
}

/// Deletes it, or says what is left.
async fn deleted(stand: &mut Stand, made: &Made) -> Option<String> {
    match made::delete(stand, made).await {
        Ok(()) => {
            say(&format!("deleted {} ({})", made.name, made.id));
            None
        }
        Err(stopped) => Some(format!("{} ({}): {stopped}; {}", made.name, made.id, made.by_hand())),
    }
}

/// Waits for signals. The first ends the run, which deletes what it made; the second ends the process.
async fn listen(interrupt: Interrupt) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut one), Ok(mut two), Ok(mut three)] = kinds.map(signal) else {
        return say("signals cannot be listened for: Ctrl-C leaves what was made");
    };
    loop {
        tokio::select! {
            _ = one.recv() => {}
            _ = two.recv() => {}
            _ = three.recv() => {}
        }
        if interrupt.raise() > 1 {
            say(&format!(
                "ended; what is named {PREFIX}... is left undeleted, the next run offers to delete it"
            ));
            process::exit(INTERRUPTED.into());
        }
        say("ending; what was made is deleted first (again to leave it)");
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let path = folder.join(name);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}

/// What the run does.
pub(crate) fn say(line: &str) {
    // Nobody to tell if standard error is gone.
    let _ = writeln!(io::stderr(), "probe: {line}");
}

/// What comes of it.
pub(crate) fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}
