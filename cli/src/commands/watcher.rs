//! What a person at the terminal is told of a run, and asked.

use bluegate_deploy::deploy::Observer;
use bluegate_deploy::interrupt::Interrupt;
use bluegate_deploy::plan::{Action, Plan};

use crate::render::{count, server};
use crate::terminal::Terminal;

pub(super) struct Watcher<'a> {
    terminal: &'a mut Terminal,
    yes: bool,
    /// Somebody may want the run to end while it waits for an answer.
    interrupt: Option<Interrupt>,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(terminal: &'a mut Terminal, yes: bool, interrupt: Option<Interrupt>) -> Self {
        Self {
            terminal,
            yes,
            interrupt,
        }
    }
}

impl Observer for Watcher<'_> {
    fn step(&mut self, verb: &str, what: &str) {
        self.terminal.step(verb, what);
    }

    fn plan(&mut self, plan: &Plan) {
        let routes = &plan.routes;
        match plan.action {
            Action::Nothing { served_by } => self.terminal.step(
                "Unchanged",
                &format!("{} serves this document: nothing is written", server(served_by)),
            ),
            Action::StageSettings => self.terminal.step(
                "Planned",
                &format!(
                    "{} of the stage, which serves this document already",
                    count(plan.stage.changes.len(), "setting")
                ),
            ),
            Action::CanaryPercent(_) | Action::Replace(_) | Action::Create(_) => self.terminal.step(
                "Planned",
                &format!(
                    "{} added, {} removed, {} changed",
                    count(routes.added.len(), "route"),
                    routes.removed.len(),
                    routes.changed.len()
                ),
            ),
        }
        for risk in &plan.security {
            self.terminal.warning(risk);
        }
        for note in &plan.notes {
            self.terminal.note(note);
        }
    }

    fn warning(&mut self, text: &str) {
        self.terminal.warning(text);
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_raised)
    }

    fn confirm(&mut self, question: &str) -> bool {
        self.yes || self.terminal.ask(question, self.interrupt.as_ref()).unwrap_or(true)
    }
}
