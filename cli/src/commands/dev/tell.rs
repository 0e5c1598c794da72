//! What is told of requests and changes: lines for people, or lines of JSON.

use std::net::SocketAddr;
use std::process::ExitStatus;

use anstyle::{AnsiColor, Style};
use bluegate_core::{Blueprint, render};
use bluegate_gateway::console::Trace;
use serde::Serialize;

use super::super::routes;
use super::version::Version;
use crate::args::Format;
use crate::failure::Stop;
use crate::render::{Findings, Report, count, printable};
use crate::terminal::Terminal;

/// Where and how things are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Teller {
    terminal: Terminal,
    format: Format,
}

/// One line of JSON.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'a> {
    /// The routes that are served.
    Routes(&'a routes::Listing<'a>),
    /// It answers.
    Listening { url: String, console: String },
    /// A request was answered.
    Request(&'a Trace),
    /// The files were taken over.
    Taken {
        added: Vec<&'a str>,
        removed: Vec<&'a str>,
        warnings: usize,
    },
    /// The files were not taken over.
    Refused(&'a Report),
    /// The service ended by itself.
    ServiceEnded { code: Option<i32> },
    /// The service is started again.
    ServiceRestarted {},
}

impl Teller {
    pub(super) fn new(terminal: Terminal, format: Format) -> Self {
        Self { terminal, format }
    }

    /// Tells a program, or whoever reads.
    fn tell(&self, event: &Event<'_>, text: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
        match self.format {
            Format::Json => self.terminal.json_line(event),
            Format::Text => text(),
        }
    }

    pub(super) fn routes(&self, blueprint: &Blueprint) -> Result<(), Stop> {
        let terminal = &self.terminal;
        self.tell(&Event::Routes(&routes::listing(blueprint)), || {
            terminal.data(&routes::table(blueprint).text(terminal.width(), terminal.colors_data()))
        })
    }

    pub(super) fn backend(&self, version: &Version) {
        if let Some(note) = &version.note {
            self.terminal.note(note);
        }
    }

    pub(super) fn listening(&self, address: SocketAddr) -> Result<(), Stop> {
        let url = format!("http://{address}");
        let console = format!("{url}/_bluegate/");
        self.terminal.step("Console", &format!("at {console}"));
        self.terminal.step("Listening", &format!("on {address}, until Ctrl-C"));
        let event = Event::Listening {
            url: url.clone(),
            console,
        };
        self.tell(&event, || self.terminal.data(&format!("{url}\n")))
    }

    pub(super) fn request(&self, trace: &Trace) -> Result<(), Stop> {
        self.tell(&Event::Request(trace), || self.terminal.text(&line(trace)))
    }

    pub(super) fn taken(&self, before: &[String], after: &[String], findings: &Findings) -> Result<(), Stop> {
        let missing = |from: &'_ [String], of: &[String]| -> Vec<String> {
            let lacking = of.iter().filter(|route| !from.contains(route));
            lacking.cloned().collect()
        };
        let (added, removed) = (missing(before, after), missing(after, before));
        let event = Event::Taken {
            added: added.iter().map(String::as_str).collect(),
            removed: removed.iter().map(String::as_str).collect(),
            warnings: findings.warnings(),
        };
        self.tell(&event, || {
            self.terminal.findings(findings);
            let changes = added.iter().map(|route| format!("+ {route}"));
            let changes = changes.chain(removed.iter().map(|route| format!("- {route}")));
            let changes: Vec<String> = changes.collect();
            let told = match changes.len() {
                0 => String::new(),
                1..=5 => format!(": {}", changes.join(", ")),
                _ => format!(": {} added, {} removed", added.len(), removed.len()),
            };
            self.terminal
                .step("Serving", &format!("{}{told}", count(after.len(), "route")));
            Ok(())
        })
    }

    /// Tells what keeps the files from being served, and what the console is to say of it.
    pub(super) fn findings(&self, findings: &Findings) -> Result<String, Stop> {
        const SERVED_ON: &str = "the last good version is served on";
        self.tell(&Event::Refused(&findings.report()), || {
            self.terminal.findings(findings);
            self.terminal.note(SERVED_ON);
            Ok(())
        })?;
        Ok(format!("{}{SERVED_ON}", findings.text(render::Style::default())))
    }

    pub(super) fn ended(&self, status: ExitStatus) -> Result<(), Stop> {
        self.tell(&Event::ServiceEnded { code: status.code() }, || {
            let text = format!("the service ended ({status}); it is started again with the next change");
            self.terminal.warning(&text);
            Ok(())
        })
    }

    pub(super) fn restarting(&self) -> Result<(), Stop> {
        self.tell(&Event::ServiceRestarted {}, || {
            self.terminal.step("Restarting", "the service");
            Ok(())
        })
    }
}

/// A request in one line, and below it why it was refused.
fn line(trace: &Trace) -> String {
    let dim = Style::new().dimmed();
    let shade = match trace.status {
        ..300 => AnsiColor::Green,
        300..400 => AnsiColor::Cyan,
        400..500 => AnsiColor::Yellow,
        500.. => AnsiColor::Red,
    };
    let status = Style::new().bold().fg_color(Some(shade.into()));
    let mark = if trace.query.is_empty() { "" } else { "?" };
    let mut text = format!(
        "{status}{}{status:#} {:<7} {}{mark}{}  {dim}{} · {} · {:.1} ms{dim:#}\n",
        trace.status,
        printable(&trace.verb),
        printable(&trace.path),
        printable(&trace.query),
        printable(trace.route.as_deref().unwrap_or("no route")),
        printable(trace.caller.as_deref().unwrap_or("anyone")),
        trace.millis,
    );
    let Some(why) = &trace.why else { return text };
    let note = AnsiColor::Blue.on_default().bold();
    text.push_str(&format!("    {note}={note:#} why: {}\n", printable(&why.sentence)));
    if let Some(help) = &why.help {
        text.push_str(&format!("    {note}={note:#} help: {}\n", printable(help)));
    }
    for (title, detail) in &why.details {
        text.push_str(&format!("    {note}={note:#} {title}:\n"));
        for line in detail.lines() {
            text.push_str(&format!("      {dim}|{dim:#} {}\n", printable(line)));
        }
    }
    text
}
